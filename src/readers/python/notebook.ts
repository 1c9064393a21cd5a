interface Cell {
  readonly cell_type?: unknown;
  readonly source?: unknown;
}

const isCell = (value: unknown): value is Cell => typeof value === 'object' && value !== null;

/** One cell's code; lines of the shell and magics are blanked, so that lines keep their places. */
function codeOf({ source }: Cell): string {
  const text = Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : '';
  return text.replace(/^[ \t]*[!%].*$/gm, '');
}

/** The code cells of a notebook in order, one after the other; undefined when it is no notebook. */
export function notebookCode(text: string): string | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || !('cells' in document)) return undefined;
    const { cells } = document;
    if (!Array.isArray(cells)) return undefined;
    return cells
      .filter(isCell)
      .filter((cell) => cell.cell_type === 'code')
      .map(codeOf)
      .join('\n\n');
  } catch {
    return undefined;
  }
}
