import { availableParallelism } from 'node:os';
import type { PoolOptions } from './pool.ts';
import { startWorker, type WorkerHandle } from './workerHandle.ts';

/** One call of a worker. */
export interface Job {
  /** Bytes that it will take, about. */
  readonly bytes: number;
  /** Seconds that it will take, about. */
  readonly seconds: number;
  /** Backend and kernels: a worker runs jobs of one key only. */
  readonly key: string;
  run(worker: WorkerHandle): Promise<void>;
}

/** Seconds of the processor that a worker takes to start, which a second one for the same small measurement would not win back. */
const START_SECONDS = 0.3;

/** The queue of one pool: jobs go to the first free worker as long as memory allows, workers start as jobs need them. */
export function createQueue(options: PoolOptions) {
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
