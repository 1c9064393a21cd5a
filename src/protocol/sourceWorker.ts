import type { ReadOptions, ReadResult } from '../model/reader.ts';

/** A source to read. */
export interface SourceRequest {
  readonly id: number;
  readonly path: string;
  readonly text: string;
  readonly options: ReadOptions;
  /** Where the worker writes how far it is: see `EvaluationClock`. */
  readonly clock: SharedArrayBuffer;
}

/** What came of it. */
export type SourceReply =
  { readonly id: number; readonly result: ReadResult } | { readonly id: number; readonly fault: string };

/** Slots of the clock: when the program began to run (milliseconds since the epoch, 0 while none runs) and its line, 1-based. */
export const CLOCK_STARTED = 0;
export const CLOCK_LINE = 1;
/** Bytes of a clock: two numbers of 64 bits. */
export const CLOCK_BYTES = 16;
