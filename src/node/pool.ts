import { availableParallelism } from 'node:os';
import type { Measurement } from '../model/measurement.ts';
import type { Measurer, MeasureRequest, Progress } from '../model/measurer.ts';
import type { Plan } from '../model/plan.ts';
import type { Prober } from '../model/probe.ts';
import type { MeasureReply } from '../protocol/worker.ts';
import { startWorker, type WorkerHandle } from './workerHandle.ts';

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

interface Job {
  /** Bytes that it will take, about. */
  readonly bytes: number;
  /** Seconds that it will take, about. */
  readonly seconds: number;
  /** Backend and kernels: a worker runs jobs of one key only. */
  readonly key: string;
  run(worker: WorkerHandle): Promise<void>;
}

/** What a worker takes by itself. */
const WORKER_BYTES = 1e8;

/** Bytes that one seed of a plan takes: values and gradients, about. */
function bytesOf({ size }: Plan): number {
  return 2 * size.bytes + WORKER_BYTES;
}

/** Seconds that one seed takes: three times its multiply-adds at 20 G a second and 10 ns a value, as docs/performance.md has them. */
function secondsOf({ size }: Plan): number {
  return (3 * size.multiplyAdds) / 2e10 + size.bytes * 2.5e-9;
}

/** Seconds of the processor that a worker takes to start, which a second one for the same small measurement would not win back. */
const START_SECONDS = 0.3;

/** A probe trains: long enough that nothing waits behind it for want of a worker. */
const PROBE_SECONDS = 3600;

/** The queue of one pool: jobs go to the first free worker as long as memory allows, workers start as jobs need them. */
function createQueue(options: PoolOptions) {
  const { workerPath, workers = availableParallelism(), idleMs = 30_000 } = options;
  const { memory = 0.75 * process.availableMemory(), startSeconds = START_SECONDS } = options;
  const waiting: Job[] = [];
  const idle: WorkerHandle[] = [];
  const all = new Set<WorkerHandle>();
  let running = 0;
  let taken = 0;
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  const most = Math.max(1, workers);

  const letGo = async (): Promise<void> => {
    clearTimeout(timer);
    const unused = idle.splice(0);
    unused.forEach((worker) => all.delete(worker));
    await Promise.all(unused.map((worker) => worker.kill()));
  };
  const rest = (): void => {
    clearTimeout(timer);
    if (running > 0 || idle.length === 0) return;
    timer = setTimeout(() => void letGo(), idleMs);
    timer.unref();
  };
  const keys = new WeakMap<WorkerHandle, string>();
  const takeWorker = (key: string): WorkerHandle => {
    const free = idle.splice(0).filter((worker) => worker.alive());
    const fitting = free.findIndex((worker) => keys.get(worker) === key);
    const found = fitting < 0 ? undefined : free.splice(fitting, 1)[0];
    // Where none fits, one makes room, so that no more than `workers` are alive.
    const surplus = found === undefined && running + free.length >= most ? free.pop() : undefined;
    idle.push(...free);
    if (surplus !== undefined) {
      all.delete(surplus);
      void surplus.kill();
    }
    if (found !== undefined) return found;
    const started = startWorker(workerPath);
    keys.set(started, key);
    all.add(started);
    return started;
  };
  /** Whether a job has a worker at hand, or what is to be done is worth starting one. */
  const worthIt = ({ key }: Job): boolean =>
    idle.some((worker) => worker.alive() && keys.get(worker) === key) ||
    waiting.reduce((sum, { seconds }) => sum + seconds, underWay) >= startSeconds;
  const next = (): void => {
    while (running < most && waiting.length > 0) {
      const job = waiting[0]!;
      if (running > 0 && (taken + job.bytes > memory || !worthIt(job))) break;
      waiting.shift();
      const worker = takeWorker(job.key);
      running++;
      taken += job.bytes;
      underWay += job.seconds;
      void job.run(worker).finally(() => {
        running--;
        taken -= job.bytes;
        underWay -= job.seconds;
        if (worker.alive()) idle.push(worker);
        else all.delete(worker);
        next();
      });
    }
    rest();
  };
  return {
    add(job: Job): void {
      waiting.push(job);
      next();
    },
    remove(jobs: ReadonlySet<Job>): void {
      waiting.splice(0, waiting.length, ...waiting.filter((job) => !jobs.has(job)));
    },
    async dispose(): Promise<void> {
      waiting.length = 0;
      await letGo();
      await Promise.all([...all].map((worker) => worker.kill()));
    },
    most,
    alive: () => [...all].filter((worker) => worker.alive()).length,
  };
}

const cancelled = (): DOMException => new DOMException('The measurement was cancelled.', 'AbortError');

/** One measurement from those of its seeds, in the request's seed order. */
function join(parts: readonly Measurement[]): Measurement {
  const reasons = new Map(
    parts.flatMap(({ notMeasured }) => notMeasured.map((entry) => [entry.layer, entry])),
  );
  return {
    ...parts[0]!,
    seeds: parts.flatMap(({ seeds }) => seeds),
    notMeasured: [...reasons.values()],
  };
}

/** A pool as its owner sees it. */
export interface Pool extends Measurer, Prober {
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

  const measureSeed = async (
    request: MeasureRequest,
    worker: WorkerHandle,
    cancel: SharedArrayBuffer,
    signal: AbortSignal,
    onLayer: (layer: string) => void,
  ): Promise<Measurement> => {
    let killer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      killer = setTimeout(() => void worker.kill(), killAfterMs);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const params = { request, cancel, nativeFolders, threads };
      const reply: MeasureReply = await worker.call('measure', params, ({ layer }) => {
        if (layer !== undefined) onLayer(layer);
      });
      if (reply.heapBytes > heapLimit) await worker.kill();
      return reply.measurement;
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
              const onLayer = (layer: string) => report({ done, total, layer });
              const one = { ...request, seeds: [seed] };
              parts[index] = await measureSeed(one, worker, cancel, stop.signal, onLayer);
              done++;
              report({ done, total });
              if (done === total) finish(() => resolve(join(parts)));
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

  const probe: Prober['probe'] = (request, signal, onProgress) =>
    new Promise((resolve, reject) => {
      const cancel = new SharedArrayBuffer(4);
      let running: WorkerHandle | undefined;
      let killer: NodeJS.Timeout | undefined;
      const job: Job = {
        bytes: bytesOf(request.plan),
        seconds: PROBE_SECONDS,
        key: `${request.plan.backend} ${request.plan.kernels}`,
        run: async (worker) => {
          running = worker;
          try {
            const params = { request, cancel, nativeFolders, threads };
            const { runs, heapBytes } = await worker.call('probe', params, onProgress);
            if (heapBytes > heapLimit) await worker.kill();
            resolve(runs);
          } catch (error) {
            reject(error as Error);
          } finally {
            clearTimeout(killer);
            signal.removeEventListener('abort', abort);
          }
        },
      };
      const abort = (): void => {
        Atomics.store(new Int32Array(cancel), 0, 1);
        queue.remove(new Set([job]));
        if (running !== undefined) killer = setTimeout(() => void running?.kill(), killAfterMs);
        reject(cancelled());
      };
      if (signal.aborted) return reject(cancelled());
      signal.addEventListener('abort', abort, { once: true });
      queue.add(job);
    });

  return { measure, probe, workers: () => queue.alive(), dispose: () => queue.dispose() };
}
