import { availableParallelism } from 'node:os';
import { joinMeasurements } from '../model/joinMeasurements.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Measurer, MeasureRequest, Progress } from '../model/measurer.ts';
import type { Plan } from '../model/plan.ts';
import type { Prober } from '../model/probe.ts';
import type { Scanner } from '../model/scan.ts';
import type { WorkerMethod, WorkerMethods } from '../protocol/worker.ts';
import { createQueue, type Job } from './queue.ts';
import type { WorkerHandle } from './workerHandle.ts';

/** How a pool runs; everything but the bundle has a default. */
export interface PoolOptions {
  /** The worker's bundle, `dist/worker.cjs`. */
  readonly workerPath: string;
  /** Workers at most; by default as many as the machine runs in parallel. The numbers do not depend on it. */
  readonly workers?: number;
  /** Seconds that jobs must be expected to take together before another worker is worth its start. */
  readonly startSeconds?: number;
  /** Idle workers are let go after this time. */
  readonly idleMs?: number;
  /** A worker whose heap has grown past this is let go after its answer. */
  readonly heapLimit?: number;
  /** A cancelled worker that has not answered by then is killed. */
  readonly killAfterMs?: number;
  /** Bytes that all measurements together may take; by default three quarters of what the machine has to give. */
  readonly memory?: number;
  /** Folders in which @tensorflow/tfjs-node may be installed. */
  readonly nativeFolders?: readonly string[];
}

/** What a worker takes by itself, the scratch memory of its kernels included (at most 64 MB). */
const WORKER_BYTES = 1.7e8;

/** Bytes that one seed of a plan takes: values and gradients, about. */
function bytesOf({ size }: Plan): number {
  return 2 * size.bytes + WORKER_BYTES;
}

/** Seconds that one seed takes: three times its multiply-adds at 20 G a second and 10 ns a value, as docs/performance.md has them. */
function secondsOf({ size }: Plan): number {
  return (3 * size.multiplyAdds) / 2e10 + size.bytes * 2.5e-9;
}

/** What trains takes so long that nothing waits behind it for want of a worker. */
const TRAINING_SECONDS = 3600;

const cancelled = (): DOMException => new DOMException('The measurement was cancelled.', 'AbortError');

/** A pool as its owner sees it. */
export interface Pool extends Measurer, Prober, Scanner {
  /** Workers that are alive, at work or idle. */
  workers(): number;
  dispose(): Promise<void>;
}

/**
 * A Measurer that runs seeds side by side in worker threads. Same numbers whatever the number of workers. Abort rejects at once; the workers
 * stop at their next layer or are killed. A worker that crashes fails its measurement with one clear line; the next call starts another.
 */
export function createPool(options: PoolOptions): Pool {
  const { heapLimit = 1 << 30, killAfterMs = 1000, nativeFolders = [] } = options;
  const queue = createQueue(options);
  const threads = Math.max(1, Math.floor(availableParallelism() / queue.most));

  /** Calls a worker, which is killed when it has not answered some time after an abort, or when its heap has grown too large. */
  const guarded = async <M extends WorkerMethod>(
    worker: WorkerHandle,
    method: M,
    params: WorkerMethods[M]['params'],
    signal: AbortSignal,
    onProgress?: (progress: WorkerMethods[M]['progress']) => void,
  ): Promise<WorkerMethods[M]['result']> => {
    let killer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      killer = setTimeout(() => void worker.kill(), killAfterMs);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const reply = await worker.call(method, params, onProgress);
      if (reply.heapBytes > heapLimit) await worker.kill();
      return reply;
    } finally {
      signal.removeEventListener('abort', stop);
      clearTimeout(killer);
    }
  };

  const measure = (
    request: MeasureRequest,
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<Measurement> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(cancelled());
        return;
      }
      const cancel = new SharedArrayBuffer(4);
      const flag = new Int32Array(cancel);
      const stop = new AbortController();
      const total = request.seeds.length;
      const parts: Measurement[] = [];
      let done = 0;
      const jobs = new Set<Job>();
      let settled = false;
      const report = (progress: Progress): void => {
        if (!settled) onProgress?.(progress);
      };
      const finish = (act: () => void): void => {
        settled = true;
        signal.removeEventListener('abort', abort);
        act();
      };
      const giveUp = (error: unknown): void =>
        finish(() => {
          Atomics.store(flag, 0, 1);
          queue.remove(jobs);
          stop.abort();
          reject(error as Error);
        });
      const abort = (): void => giveUp(cancelled());
      signal.addEventListener('abort', abort, { once: true });
      request.seeds.forEach((seed, index) => {
        const job: Job = {
          bytes: bytesOf(request.plan),
          seconds: secondsOf(request.plan),
          key: `${request.plan.backend} ${request.plan.kernels}`,
          run: async (worker) => {
            try {
              const one = { ...request, seeds: [seed] };
              const params = { request: one, cancel, nativeFolders, threads };
              const reply = await guarded(worker, 'measure', params, stop.signal, ({ layer }) => {
                if (layer !== undefined) report({ done, total, layer });
              });
              parts[index] = reply.measurement;
              done++;
              report({ done, total });
              if (done === total) finish(() => resolve(joinMeasurements(parts)));
            } catch (error) {
              giveUp(error);
            }
          },
        };
        jobs.add(job);
        queue.add(job);
      });
      if (total === 0) giveUp(new RangeError('A measurement needs at least one seed.'));
    });

  /** One job of one worker, which is not split. */
  const whole = <M extends 'probe' | 'coordinates'>(
    method: M,
    request: WorkerMethods[M]['params']['request'],
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<WorkerMethods[M]['result']> =>
    new Promise((resolve, reject) => {
      const cancel = new SharedArrayBuffer(4);
      const job: Job = {
        bytes: bytesOf(request.plan),
        seconds: TRAINING_SECONDS,
        key: `${request.plan.backend} ${request.plan.kernels}`,
        run: async (worker) => {
          try {
            const params = { request, cancel, nativeFolders, threads } as WorkerMethods[M]['params'];
            resolve(await guarded(worker, method, params, signal, onProgress));
          } catch (error) {
            reject(error as Error);
          } finally {
            signal.removeEventListener('abort', abort);
          }
        },
      };
      const abort = (): void => {
        Atomics.store(new Int32Array(cancel), 0, 1);
        queue.remove(new Set([job]));
        reject(cancelled());
      };
      if (signal.aborted) return reject(cancelled());
      signal.addEventListener('abort', abort, { once: true });
      queue.add(job);
    });
  const probe: Prober['probe'] = async (...given) => (await whole('probe', ...given)).runs;
  const coordinates: Scanner['coordinates'] = async (...given) => (await whole('coordinates', ...given)).runs;

  return { measure, probe, coordinates, workers: () => queue.alive(), dispose: () => queue.dispose() };
}
