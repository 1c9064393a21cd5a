import type { FileState } from './fileState.ts';

const LEAST_MS = 120;
const MOST_MS = 1000;
const TIMES_READING = 10;

/** Pause after a key stroke before the text is read again; longer for a text whose last reading took long, so that typing stays cheap. */
export function readDelay({ readMs }: FileState): number {
  return Math.min(MOST_MS, Math.max(LEAST_MS, TIMES_READING * readMs));
}
