import { loadCompiled } from '../node/loadCompiled.ts';

loadCompiled('server.main.cjs');
