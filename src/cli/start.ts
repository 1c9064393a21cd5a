import { loadCompiled } from '../node/loadCompiled.ts';

loadCompiled('cli.main.cjs');
