import type { Measurement } from '../model/measurement.ts';
import type { MeasureRequest, Progress } from '../model/measurer.ts';
import type { ProbeRequest, ProbeRuns } from '../model/probe.ts';
import type { Problem } from '../model/problem.ts';
import type { CoordinateRequest, CoordinateRun } from '../model/scan.ts';

/** Both sides must have been built from the same source; a worker of another version is refused. */
export const WORKER_PROTOCOL = 3;

/** What one call of `measure` gives beside the numbers. */
interface MeasureReply {
  readonly measurement: Measurement;
  /** Bytes of the heap that never shrinks; past a limit the pool lets the worker go. */
  readonly heapBytes: number;
}

/** Every method of the worker: what it takes, gives, and reports on the way. */
export interface WorkerMethods {
  measure: {
    readonly params: {
      readonly request: MeasureRequest;
      /** One Int32; anything but 0 asks the worker to stop at the next layer. */
      readonly cancel: SharedArrayBuffer;
      /** Folders in which a native backend may be installed. */
      readonly nativeFolders: readonly string[];
      /** Threads that a native backend may use. */
      readonly threads: number;
    };
    readonly result: MeasureReply;
    readonly progress: Progress;
  };
  probe: {
    readonly params: Omit<WorkerMethods['measure']['params'], 'request'> & { readonly request: ProbeRequest };
    readonly result: { readonly runs: ProbeRuns; readonly heapBytes: number };
    readonly progress: Progress;
  };
  coordinates: {
    readonly params: Omit<WorkerMethods['measure']['params'], 'request'> & {
      readonly request: CoordinateRequest;
    };
    readonly result: { readonly runs: readonly CoordinateRun[]; readonly heapBytes: number };
    readonly progress: Progress;
  };
}

/** Names of the worker's methods. */
export type WorkerMethod = keyof WorkerMethods;

/** A request, answered by exactly one reply of the same id and any number of progress messages before it. */
export type WorkerRequest = {
  readonly [M in WorkerMethod]: {
    readonly id: number;
    readonly method: M;
    readonly params: WorkerMethods[M]['params'];
  };
}[WorkerMethod];

/** An error as data: bad input keeps its problem, `abort` answers a cancellation, `fault` is ours. */
export type WorkerError =
  | {
      readonly kind: 'input';
      readonly problem: Omit<Problem, 'file' | 'severity'> & { readonly file?: string };
    }
  | { readonly kind: 'abort' }
  | { readonly kind: 'fault'; readonly message: string };

/** What the worker sends: who it is (once, first), progress, and replies. */
export type WorkerMessage =
  | { readonly type: 'hello'; readonly protocol: number }
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly progress: WorkerMethods[WorkerMethod]['progress'];
    }
  | { readonly type: 'result'; readonly id: number; readonly result: WorkerMethods[WorkerMethod]['result'] }
  | { readonly type: 'error'; readonly id: number; readonly error: WorkerError };
