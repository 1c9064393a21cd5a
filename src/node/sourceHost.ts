import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { ReadOptions, ReadResult } from '../model/reader.ts';
import type { SourceHost } from '../model/sourceHost.ts';
import {
  CLOCK_ALIVE,
  CLOCK_BYTES,
  CLOCK_LINE,
  CLOCK_USED,
  type SourceReply,
  type SourceRequest,
} from '../protocol/sourceWorker.ts';

/** How sources are read; everything but the bundle has a default. */
interface SourceHostOptions {
  /** The worker's bundle, `dist/sources.cjs`. */
  readonly workerPath: string;
  /** Milliseconds that a program may run, whatever it does; QuickJS itself stops most of them earlier. */
  readonly limitMs?: number;
  /** The worker is let go after this time without work. */
  readonly idleMs?: number;
}

/** Time for our own part, parsing and building specs, of a source of the largest size on a busy machine. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;
/** QuickJS has its own limit; this is for a program that brings the whole worker down. */
const HEAP_MEGABYTES = 1024;

type Ended =
  { readonly kind: 'hung'; readonly line: number } | { readonly kind: 'gone'; readonly why: string };

function problem(path: string, text: string, message: string, line: number): ReadResult {
  const start = text.split('\n', line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const stop = text.indexOf('\n', start);
  const range = line > 0 ? { range: { start, end: stop < 0 ? text.length : stop } } : {};
  return { models: [], problems: [{ file: path, ...range, message, severity: 'error' }] };
}

/** A source host with one worker thread, started when first needed, killed when a program hangs, and let go when idle. */
export function createSourceHost(options: SourceHostOptions): SourceHost {
  const { workerPath, limitMs = 2900, idleMs = 30_000 } = options;
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let next = 0;
  let disposed = false;

  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };
  const start = (): Worker => {
    clearTimeout(idle);
    if (worker === undefined) {
      worker = new Worker(workerPath, {
        env: SHARE_ENV,
        stdout: true,
        stderr: true,
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
      });
      worker.on('error', () => undefined);
      worker.stdout.resume();
      worker.stderr.resume();
    }
    worker.ref();
    return worker;
  };

  const once = (request: Omit<SourceRequest, 'id' | 'clock'>): Promise<SourceReply | Ended> =>
    new Promise((resolve) => {
      const id = next++;
      const clock = new SharedArrayBuffer(CLOCK_BYTES);
      const slots = new Float64Array(clock);
      const asked = Date.now();
      const running = start();
      const finish = (result: SourceReply | Ended): void => {
        clearInterval(looking);
        running.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(result);
      };
      const looking = setInterval(() => {
        const [alive = 0, used = 0] = [slots[CLOCK_ALIVE], slots[CLOCK_USED]];
        const now = Date.now();
        if (alive > 0 ? used + now - alive > limitMs : now - asked > PATIENCE_MS)
          finish({ kind: 'hung', line: slots[CLOCK_LINE] ?? 0 });
      }, LOOK_MS);
      const onMessage = (reply: SourceReply): void => {
        if (reply.id === id) finish(reply);
      };
      const onError = (error: Error): void =>
        finish({ kind: 'gone', why: error.message.split('\n')[0] ?? '' });
      const onExit = (code: number): void => finish({ kind: 'gone', why: `code ${code}` });
      running.on('message', onMessage).on('error', onError).on('exit', onExit);
      running.postMessage({ ...request, id, clock } satisfies SourceRequest);
    });

  const read = async (path: string, text: string, given: ReadOptions): Promise<ReadResult> => {
    if (disposed) throw new Error('The reader of sources has ended.');
    const reply = await once({ path, text, options: given });
    if (disposed) throw new Error('The reader of sources has ended.');
    if ('kind' in reply) {
      await end();
      const { line, why } = reply.kind === 'hung' ? { ...reply, why: '' } : { line: 0, why: reply.why };
      const where = line > 0 ? ` (line ${line})` : '';
      return problem(
        path,
        text,
        why === ''
          ? `the source could not be evaluated: it hung${where} and was stopped after ${(limitMs / 1000).toFixed(1)} s`
          : `the source could not be evaluated: it ended the thread that runs it (${why})`,
        line,
      );
    }
    worker?.unref();
    idle = setTimeout(() => void end(), idleMs);
    idle.unref();
    if ('fault' in reply) throw new Error(reply.fault);
    return reply.result;
  };

  return {
    read: (path, text, given) => {
      const result = last.then(() => read(path, text, given));
      last = result.catch(() => undefined);
      return result;
    },
    dispose: async () => {
      disposed = true;
      await end();
    },
  };
}
