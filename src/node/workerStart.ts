import { parentPort } from 'node:worker_threads';
import { loadBeside } from './loadCompiled.ts';

const keep = loadBeside('worker.main.cjs');
let asked = 0;
parentPort?.on('message', () => {
  asked += 1;
  if (asked === 2) keep();
});
