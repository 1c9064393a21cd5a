import { SHARE_ENV, Worker } from 'node:worker_threads';
import { InputError } from '../model/problem.ts';
import {
  WORKER_PROTOCOL,
  type WorkerMessage,
  type WorkerMethod,
  type WorkerMethods,
  type WorkerRequest,
} from '../protocol/worker.ts';

/** A running worker thread that answers one call at a time. */
export interface WorkerHandle {
  /** Calls a method; rejects with an InputError, an AbortError, or one clear line when the worker stops before it answered. */
  call<M extends WorkerMethod>(
    method: M,
    params: WorkerMethods[M]['params'],
    onProgress?: (progress: WorkerMethods[M]['progress']) => void,
  ): Promise<WorkerMethods[M]['result']>;
  /** False once it has ended, whoever ended it. */
  alive(): boolean;
  kill(): Promise<void>;
}

interface Pending {
  resolve(result: WorkerMethods[WorkerMethod]['result']): void;
  reject(error: Error): void;
  progress?: (progress: WorkerMethods[WorkerMethod]['progress']) => void;
}

function outOfMemory(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || /out of memory|allocation failed|OOM/i.test(error.message);
}

/** Starts a worker from its bundle. Its output is kept from the terminal. An idle worker does not keep the process alive. */
export function startWorker(path: string): WorkerHandle {
  const worker = new Worker(path, { stdout: true, stderr: true, env: SHARE_ENV });
  const pending = new Map<number, Pending>();
  let next = 0;
  let alive = true;
  let lastWords = '';
  worker.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (lastWords = (lastWords + text).slice(-500)));
  worker.stdout.resume();
  worker.unref();

  const settle = (id: number): Pending | undefined => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    return waiting;
  };
  const fail = (reason: string): void => {
    alive = false;
    const failed = [...pending.values()];
    pending.clear();
    failed.forEach(({ reject }) => reject(new Error(reason)));
  };
  worker.on('message', (message: WorkerMessage) => {
    switch (message.type) {
      case 'hello':
        if (message.protocol !== WORKER_PROTOCOL) {
          fail(
            `The measuring worker is of another version (${message.protocol}, not ${WORKER_PROTOCOL}): build again.`,
          );
          void worker.terminate();
        }
        break;
      case 'progress':
        pending.get(message.id)?.progress?.(message.progress);
        break;
      case 'result':
        settle(message.id)?.resolve(message.result);
        break;
      case 'error': {
        const waiting = settle(message.id);
        const { error } = message;
        if (error.kind === 'input') waiting?.reject(new InputError(error.problem));
        else if (error.kind === 'abort')
          waiting?.reject(new DOMException('The measurement was cancelled.', 'AbortError'));
        else waiting?.reject(new Error(error.message));
        break;
      }
    }
  });
  worker.on('error', (error) =>
    fail(
      outOfMemory(error)
        ? 'The measuring worker ran out of memory: use a smaller batch or input shape.'
        : `The measuring worker stopped: ${error.message.split('\n')[0]}`,
    ),
  );
  worker.on('exit', (code) =>
    fail(
      `The measuring worker ended before it answered (code ${code}).${lastWords ? ` ${lastWords.split('\n')[0]}` : ''}`,
    ),
  );

  return {
    call: (method, params, onProgress) =>
      new Promise((resolve, reject) => {
        if (!alive) {
          reject(new Error('The measuring worker has ended.'));
          return;
        }
        const id = next++;
        pending.set(id, {
          resolve,
          reject,
          ...(onProgress === undefined ? {} : { progress: onProgress }),
        });
        worker.ref();
        worker.postMessage({ id, method, params } as WorkerRequest);
      }),
    alive: () => alive,
    kill: async () => {
      alive = false;
      await worker.terminate();
    },
  };
}
