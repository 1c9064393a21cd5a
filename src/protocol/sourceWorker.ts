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

/**
 * Slots of the clock: the program's last sign of life (milliseconds since the epoch, 0 while it does not run), its line (1-based), and the
 * milliseconds it had used by then. A busy machine makes signs come later, and does not use a program's time.
 */
export const CLOCK_ALIVE = 0;
export const CLOCK_LINE = 1;
export const CLOCK_USED = 2;
/** Bytes of a clock: three numbers of 64 bits. */
export const CLOCK_BYTES = 24;
