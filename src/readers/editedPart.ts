import type { FileEdit } from '../model/change.ts';

/** A part of the text with the edits that fall into it. */
export function editedPart(
  text: string,
  start: number,
  end: number,
  edits: readonly FileEdit['edits'][number][],
): string {
  let made = '';
  let at = start;
  for (const { range, text: inserted } of edits.toSorted((a, b) => a.range.start - b.range.start)) {
    if (range.start < start || range.end > end) continue;
    made += text.slice(at, range.start) + inserted;
    at = range.end;
  }
  return made + text.slice(at, end);
}
