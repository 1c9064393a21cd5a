/** Why a job ended before it was done. */
export class CancelledError extends Error {
  constructor() {
    super('cancelled');
    this.name = 'CancelledError';
  }
}

interface Job {
  readonly key: string;
  readonly priority: number;
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly controller: AbortController;
  readonly settle: () => void;
}

/**
 * One queue, one job at a time: opening many files starts one measurement, not many. A new job of a key replaces the waiting
 * one and aborts the running one. Higher priorities go first, among equals the newest; the key in `favourite` before all.
 */
export class WorkQueue {
  favourite: string | undefined;
  readonly #waiting: Job[] = [];
  readonly #onIdle: () => void;
  #running: Job | undefined;

  constructor(onIdle: () => void = () => {}) {
    this.#onIdle = onIdle;
  }

  /** Whether nothing runs and nothing waits. */
  get idle(): boolean {
    return this.#running === undefined && this.#waiting.length === 0;
  }

  /** Whether a job of this key runs or waits. */
  has(key: string): boolean {
    return this.#running?.key === key || this.#waiting.some((job) => job.key === key);
  }

  /** The priority of the job of this key that waits or runs on; undefined when there is none. */
  priorityOf(key: string): number | undefined {
    const waiting = this.#waiting.find((job) => job.key === key);
    if (waiting !== undefined) return waiting.priority;
    const running = this.#running;
    return running?.key === key && !running.controller.signal.aborted ? running.priority : undefined;
  }

  /** Resolves when the job has ended, was replaced or cancelled; `run` handles its own errors. */
  add(key: string, priority: number, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.cancel(key);
    return new Promise((resolve) => {
      this.#waiting.push({ key, priority, run, controller: new AbortController(), settle: resolve });
      queueMicrotask(() => this.#next());
    });
  }

  /** Drops the waiting job of this key and aborts the running one. */
  cancel(key: string): void {
    for (let at = this.#waiting.length - 1; at >= 0; at--) {
      if (this.#waiting[at]?.key === key) this.#waiting.splice(at, 1)[0]?.settle();
    }
    if (this.#running?.key === key) this.#running.controller.abort(new CancelledError());
  }

  /** Drops and aborts everything. */
  cancelAll(): void {
    for (const job of this.#waiting.splice(0)) job.settle();
    this.#running?.controller.abort(new CancelledError());
  }

  #take(): Job | undefined {
    let best = -1;
    const rank = (job: Job): number => job.priority + (job.key === this.favourite ? 100 : 0);
    this.#waiting.forEach((job, at) => {
      const chosen = this.#waiting[best];
      if (chosen === undefined || rank(job) >= rank(chosen)) best = at;
    });
    return best < 0 ? undefined : this.#waiting.splice(best, 1)[0];
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const job = this.#take();
    if (job === undefined) return;
    this.#running = job;
    const done = (): void => {
      this.#running = undefined;
      job.settle();
      if (this.#waiting.length > 0) this.#next();
      else this.#onIdle();
    };
    job.run(job.controller.signal).then(done, done);
  }
}
