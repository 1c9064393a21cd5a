import type { TextRange } from './origin.ts';

/** A place in a text as people count: line and UTF-16 column, both from 1. */
interface LinePosition {
  readonly line: number;
  readonly column: number;
}

/** Offsets at which lines start; lines end with \n, \r\n or \r. The first is 0. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** The 1-based position of an offset, by binary search; offsets past the end stay on the last line. */
export function linePosition(lineStarts: readonly number[], offset: number): LinePosition {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** Both ends of a range as 1-based positions; the end is exclusive. */
export function lineRange(
  lineStarts: readonly number[],
  range: TextRange,
): { readonly start: LinePosition; readonly end: LinePosition } {
  return { start: linePosition(lineStarts, range.start), end: linePosition(lineStarts, range.end) };
}
