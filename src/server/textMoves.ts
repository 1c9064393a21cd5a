import type { TextRange } from '../model/origin.ts';

/** The characters from `start` to `end` of a text gave way to `length` others. */
export interface Move {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/** The one replacement that makes `after` of `before`: what they have in common at both ends stays. Undefined when they are equal. */
export function moveBetween(before: string, after: string): Move | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < most - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  return { start, end: before.length - tail, length: after.length - tail - start };
}

/** These moves and then this one; typing at one place stays one move. */
export function withMove(moves: readonly Move[], next: Move): readonly Move[] {
  const last = moves.at(-1);
  if (last === undefined || next.start < last.start || next.end > last.start + last.length)
    return [...moves, next];
  const length = last.length + next.length - (next.end - next.start);
  return [...moves.slice(0, -1), { start: last.start, end: last.end, length }];
}

/** Where a range of the first text stands after all moves; undefined when its text was deleted. */
export function moved(range: TextRange, moves: readonly Move[]): TextRange | undefined {
  let { start, end } = range;
  for (const move of moves) {
    const by = move.length - (move.end - move.start);
    if (end <= move.start && start < end) continue;
    if (start >= move.end) {
      start += by;
      end += by;
      continue;
    }
    const last = end >= move.end ? end + by : move.start + move.length;
    start = Math.min(start, move.start);
    end = last;
    if (end <= start) return undefined;
  }
  return { start, end };
}
