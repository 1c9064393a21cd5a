import { parentPort } from 'node:worker_threads';
import {
  CLOCK_ALIVE,
  CLOCK_LINE,
  CLOCK_USED,
  type SourceReply,
  type SourceRequest,
} from '../protocol/sourceWorker.ts';
import { readSource } from '../readers/source/readSource.ts';
import { nodeFiles } from './files.ts';

const port = parentPort!;
const send = (reply: SourceReply): void => port.postMessage(reply);

/** Processor time of this thread in milliseconds; before Node 23.9, where there is none, the time that went by. */
function threadTime(): number {
  if (typeof process.threadCpuUsage !== 'function') return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Reads one source after the other. What a program does inside QuickJS is written to the clock, which the parent watches. */
port.on('message', ({ id, path, text, options, clock }: SourceRequest) => {
  const slots = new Float64Array(clock);
  const watch = {
    now: threadTime,
    alive: (used: number) => {
      slots[CLOCK_USED] = used;
      slots[CLOCK_ALIVE] = Date.now();
    },
    at: (line: number) => void (slots[CLOCK_LINE] = line),
    paused: () => void (slots[CLOCK_ALIVE] = 0),
  };
  readSource(path, text, nodeFiles, options, watch).then(
    (result) => send({ id, result }),
    (error: unknown) => send({ id, fault: error instanceof Error ? error.message : String(error) }),
  );
});
