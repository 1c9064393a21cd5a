import type { TextRange } from '../model/origin.ts';

/** A replacement of a range of the old text. */
export interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

/** The text with all edits applied; edits must not overlap, in any order. Throws a RangeError otherwise. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.range.start - b.range.start);
  let result = '';
  let at = 0;
  for (const { range, text: replacement } of sorted) {
    if (range.start < at || range.end < range.start || range.end > text.length)
      throw new RangeError(`the edit at ${range.start} overlaps another or lies outside the text`);
    result += text.slice(at, range.start) + replacement;
    at = range.end;
  }
  return result + text.slice(at);
}

interface Hunk {
  /** Half-open line ranges of the old text and, shifted, the new one. */
  start: number;
  end: number;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunksOf(text: string, edits: readonly TextEdit[]): Hunk[] {
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length - 1;
  const hunks: Hunk[] = [];
  for (const { range } of [...edits].sort((a, b) => a.range.start - b.range.start)) {
    const start = lineAt(range.start);
    const end = lineAt(range.end) + 1;
    const last = hunks.at(-1);
    if (last !== undefined && start <= last.end + 6) last.end = Math.max(last.end, end);
    else hunks.push({ start, end });
  }
  return hunks;
}

function marked(lines: readonly string[], mark: string): string[] {
  return lines.map((line) =>
    line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`,
  );
}

/** Old and new lines of one changed stretch, common lines at both ends left as context. */
function body(before: readonly string[], after: readonly string[]): string[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  return [
    ...marked(before.slice(0, head), ' '),
    ...marked(before.slice(head, before.length - tail), '-'),
    ...marked(after.slice(head, after.length - tail), '+'),
    ...marked(before.slice(before.length - tail), ' '),
  ];
}

/** A unified diff of what the edits do to the text, with three lines of context; `patch -p1` applies it. Empty when nothing. */
export function unifiedDiff(file: string, text: string, edits: readonly TextEdit[]): string {
  if (edits.length === 0 || applyEdits(text, edits) === text) return '';
  const lines = linesOf(text);
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  let shift = 0;
  const hunks = hunksOf(text, edits).map(({ start, end }) => {
    const from = Math.max(0, start - 3);
    const to = Math.min(lines.length, end + 3);
    const [low, high] = [starts[from] ?? 0, starts[to] ?? text.length];
    const inside = edits.filter(({ range }) => range.start >= low && range.end <= high);
    const moved = inside.map((edit) => ({
      ...edit,
      range: { start: edit.range.start - low, end: edit.range.end - low },
    }));
    const after = linesOf(applyEdits(text.slice(low, high), moved));
    const header = `@@ -${from + 1},${to - from} +${from + 1 + shift},${after.length} @@\n`;
    shift += after.length - (to - from);
    return header + body(lines.slice(from, to), after).join('');
  });
  const name = file.replace(/^\/+/, '');
  return `--- a/${name}\n+++ b/${name}\n${hunks.join('')}`;
}
