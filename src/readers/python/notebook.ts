import { type Node, parseTree } from 'jsonc-parser';
import type { CellRange, CellSource, TextRange } from '../../model/origin.ts';
import { withoutMagics } from './magics.ts';

/** A notebook's code as one Python text, and the way back into the document. */
export interface Notebook {
  /** The code cells in order, one after the other; magics and shell lines are blanks. */
  readonly code: string;
  /** 1-based lines of `code` on which its cells start. */
  readonly cellLines: readonly number[];
  /** Every cell, whatever its kind. */
  readonly cells: readonly CellSource[];
  /** The range of the document (its JSON text) that holds a range of the code. */
  toDocument(range: TextRange): TextRange;
  /** The cell of a range of the code, and lines and columns in it. */
  toCell(range: TextRange): CellRange;
}

/** One string of a cell's source: where its characters stand in the code and in the document. */
interface Piece {
  readonly code: number;
  readonly document: readonly number[];
}

interface CodeCell {
  /** Among all cells of the notebook, from 0. */
  readonly index: number;
  readonly start: number;
  readonly text: string;
}

const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|.)/sy;

/** Offsets in the document of every UTF-16 unit of a JSON string, and of its end. */
function offsetsOf(text: string, { offset, length }: Node): number[] {
  const offsets: number[] = [];
  const end = offset + length - 1;
  for (let at = offset + 1; at < end;) {
    offsets.push(at);
    ESCAPE.lastIndex = at;
    at += text[at] === '\\' ? (ESCAPE.exec(text)?.[0].length ?? 1) : 1;
  }
  offsets.push(end);
  return offsets;
}

const member = (node: Node | undefined, name: string): Node | undefined =>
  node?.type === 'object'
    ? node.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1]
    : undefined;

/** The strings of a cell's source: one, or a list of lines. */
function stringsOf(source: Node | undefined): Node[] {
  const all = source?.type === 'array' ? (source.children ?? []) : source === undefined ? [] : [source];
  return all.filter(({ type }) => type === 'string');
}

function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  return { line: (before.match(/\r\n|\r|\n/g) ?? []).length, column: offset - start };
}

function cellSource(text: string, cell: Node): CellSource {
  const strings = stringsOf(member(cell, 'source'));
  const places = strings.map((string) => offsetsOf(text, string));
  return {
    text: strings.map(({ value }) => String(value)).join(''),
    offsets: [...places.flatMap((each) => each.slice(0, -1)), places.at(-1)?.at(-1) ?? cell.offset],
  };
}

/** The last of sorted items that starts at or before an offset. */
function lastBefore<T>(items: readonly T[], startOf: (item: T) => number, offset: number): T | undefined {
  return items.findLast((item) => startOf(item) <= offset);
}

/** A notebook's code and places; undefined for a text that is no notebook. */
export function readNotebook(text: string): Notebook | undefined {
  const root = /^\s*\{/.test(text) ? parseTree(text) : undefined;
  const list = member(root, 'cells');
  if (list?.type !== 'array') return undefined;
  const pieces: Piece[] = [];
  const cells: CodeCell[] = [];
  let code = '';
  for (const [index, cell] of (list.children ?? []).entries()) {
    if (member(cell, 'cell_type')?.value !== 'code') continue;
    const start = code.length;
    let source = '';
    for (const string of stringsOf(member(cell, 'source'))) {
      pieces.push({ code: start + source.length, document: offsetsOf(text, string) });
      source += String(string.value);
    }
    cells.push({ index, start, text: source });
    code += `${withoutMagics(source)}\n`;
  }
  const toOffset = (offset: number, isEnd: boolean): number => {
    const piece = lastBefore(pieces, (each) => each.code, isEnd ? Math.max(0, offset - 1) : offset);
    const within = offset - (piece?.code ?? 0);
    return piece?.document[Math.min(within, piece.document.length - 1)] ?? 0;
  };
  return {
    code,
    cells: (list.children ?? []).map((cell) => cellSource(text, cell)),
    cellLines: cells.map(({ start }) => position(code, start).line + 1),
    toDocument: ({ start, end }) => {
      const first = toOffset(start, start === end);
      return { start: first, end: Math.max(first, toOffset(end, true)) };
    },
    toCell: ({ start, end }) => {
      const cell = lastBefore(cells, (each) => each.start, start) ?? { index: 0, start: 0, text: '' };
      const from = position(cell.text, start - cell.start);
      const to = position(cell.text, Math.min(end - cell.start, cell.text.length));
      return {
        index: cell.index,
        startLine: from.line,
        startColumn: from.column,
        endLine: to.line,
        endColumn: to.column,
      };
    },
  };
}
