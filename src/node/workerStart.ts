import { loadCompiled } from './loadCompiled.ts';

loadCompiled('worker.main.cjs');
