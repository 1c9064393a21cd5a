import type { TextEdit, TextDocumentEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileEdit } from '../model/change.ts';
import type { CellSource, TextRange } from '../model/origin.ts';
import type { FileState } from './fileState.ts';
import type { View } from './view.ts';

function holds({ offsets }: CellSource, { start, end }: TextRange): boolean {
  return (offsets[0] ?? Infinity) <= start && end <= (offsets.at(-1) ?? -1);
}

/** The unit of a cell's source that stands at an offset of the document, else the next one. */
function unitAt({ offsets, text }: CellSource, offset: number): number {
  const at = offsets.findIndex((each) => each >= offset);
  return at < 0 ? text.length : at;
}

/** The notebook of which a URI is a cell. */
export function notebookOf(files: Iterable<FileState>, cell: string): FileState | undefined {
  for (const state of files) if (state.cells.includes(cell)) return state;
  return undefined;
}

/** A cell of a notebook as it was read; undefined once the notebook was edited, since the cell may say something else now. */
export function cellView(uri: string, state: FileState): View | undefined {
  const { reading } = state;
  if (reading === undefined || state.outdated) return undefined;
  const cell = reading.content.cells?.[state.cells.indexOf(uri)];
  if (cell === undefined) return undefined;
  const document = TextDocument.create(uri, 'python', 0, cell.text);
  return {
    uri,
    formatted: false,
    text: reading.text,
    holds: (range) => holds(cell, range),
    rangeOf: ({ start, end }) => ({
      start: document.positionAt(unitAt(cell, start)),
      end: document.positionAt(unitAt(cell, end)),
    }),
    offsetAt: (position) => cell.offsets[document.offsetAt(position)] ?? 0,
  };
}

/** Edits of a notebook's JSON text as edits of its open cells; undefined when one is of no cell's source. */
export function cellEdits(
  state: FileState,
  spans: readonly FileEdit['edits'][number][],
): TextDocumentEdit[] | undefined {
  const cells = state.reading?.content.cells ?? [];
  const byCell = new Map<string, TextEdit[]>();
  for (const { range, text } of spans) {
    const index = cells.findIndex((cell) => holds(cell, range));
    const uri = state.cells[index];
    const view = uri === undefined ? undefined : cellView(uri, state);
    if (uri === undefined || view === undefined) return undefined;
    const newText = JSON.parse(`"${text}"`) as string;
    byCell.set(uri, [...(byCell.get(uri) ?? []), { range: view.rangeOf(range), newText }]);
  }
  return [...byCell].map(([uri, edits]) => ({ textDocument: { uri, version: null }, edits }));
}
