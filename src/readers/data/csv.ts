import { InputError } from '../../model/problem.ts';
import type { DataArray } from './dataArray.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPECIAL: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

/** The number in a cell; undefined when it is text. */
function cellNumber(cell: string): number | undefined {
  return NUMBER.test(cell) ? Number(cell) : SPECIAL[cell.toLowerCase()];
}

function separatorOf(line: string): string {
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

/** The cells of a line; quotes keep a separator, doubled quotes are one. */
function cells(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const mark = line.charAt(i);
    if (mark === '"') {
      if (quoted && line.charAt(i + 1) === '"') cell += line.charAt(i++);
      else quoted = !quoted;
    } else if (mark === separator && !quoted) {
      found.push(cell.trim());
      cell = '';
    } else cell += mark;
  }
  return [...found, cell.trim()];
}

/**
 * The numbers of a table in text: comma, semicolon or tab between cells; a first line with a cell that is no number is the header. Throws an
 * InputError that names row (line of the file) and column of a text cell, a missing one, or a row of another width.
 */
export function parseCsv(text: string, file: string): DataArray {
  const lines = text.split(/\r\n|\r|\n/);
  const filled = lines
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '');
  const refuse = (message: string, found: string, expected: string): never => {
    throw new InputError({ file, message, found, expected });
  };
  const [first] = filled;
  if (first === undefined) return refuse('the table is empty', 'no line', 'rows of numbers');
  const separator = separatorOf(first.line);
  const titles = cells(first.line, separator);
  const hasHeader = titles.some((cell) => cellNumber(cell) === undefined);
  const body = hasHeader ? filled.slice(1) : filled;
  if (body.length === 0) return refuse('the table has a header and no rows', 'no row', 'rows of numbers');
  const width = titles.length;
  const values = new Float64Array(body.length * width);
  body.forEach(({ line, number }, row) => {
    const found = cells(line, separator);
    if (found.length !== width)
      refuse(`row ${number} has another width`, `${found.length} cells`, `${width} cells`);
    found.forEach((cell, column) => {
      const value = cellNumber(cell);
      const title = hasHeader ? ` (${titles[column] ?? ''})` : '';
      const at = `row ${number}, column ${column + 1}${title}`;
      if (value === undefined)
        refuse(
          cell === '' ? `${at} is missing` : `${at} is text`,
          JSON.stringify(cell.slice(0, 40)),
          'a number',
        );
      values[row * width + column] = value ?? NaN;
    });
  });
  return {
    name: '',
    where: 'the table',
    file,
    shape: [body.length, width],
    flat: true,
    rows: (count) => Promise.resolve(values.subarray(0, count * width)),
  };
}
