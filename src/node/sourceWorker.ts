import { parentPort } from 'node:worker_threads';
import { CLOCK_LINE, CLOCK_STARTED, type SourceReply, type SourceRequest } from '../protocol/sourceWorker.ts';
import { readSource } from '../readers/source/readSource.ts';
import { nodeFiles } from './files.ts';

const port = parentPort!;
const send = (reply: SourceReply): void => port.postMessage(reply);

/** Reads one source after the other. What a program does inside QuickJS is written to the clock, which the parent watches. */
port.on('message', ({ id, path, text, options, clock }: SourceRequest) => {
  const slots = new Float64Array(clock);
  const watch = {
    started: () => void (slots[CLOCK_STARTED] = Date.now()),
    at: (line: number) => void (slots[CLOCK_LINE] = line),
    ended: () => void (slots[CLOCK_STARTED] = 0),
  };
  readSource(path, text, nodeFiles, options, watch).then(
    (result) => send({ id, result }),
    (error: unknown) => send({ id, fault: error instanceof Error ? error.message : String(error) }),
  );
});
