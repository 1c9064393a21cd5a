/** A column of a text or Markdown table. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

const COMBINING = /\p{M}|\u200b/gu;

/** Terminal cells of a string: code points without combining marks. */
export function displayWidth(text: string): number {
  return Array.from(text.replace(COMBINING, '')).length;
}

function pad(text: string, width: number, align: Column['align']): string {
  const room = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? room + text : text + room;
}

/** Rows under their titles, padded for a fixed-width terminal; empty columns are left out. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const kept = columns
    .map((_, index) => index)
    .filter((index) => rows.some((row) => (row[index] ?? '') !== ''));
  const widths = new Map(
    kept.map((index) => [
      index,
      Math.max(
        displayWidth(columns[index]?.title ?? ''),
        ...rows.map((row) => displayWidth(row[index] ?? '')),
      ),
    ]),
  );
  const line = (cells: readonly string[]) =>
    kept
      .map((index) => pad(cells[index] ?? '', widths.get(index) ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

function cell(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s*\n\s*/g, ' ');
}

/** The same as a Markdown table; `|`, `<` and line breaks in cells are escaped. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const kept = columns
    .map((_, index) => index)
    .filter((index) => rows.some((row) => (row[index] ?? '') !== ''));
  const line = (cells: readonly string[]) =>
    `| ${kept.map((index) => cell(cells[index] ?? '')).join(' | ')} |`;
  const rule = `| ${kept.map((index) => (columns[index]?.align === 'right' ? '---:' : '---')).join(' | ')} |`;
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)];
}
