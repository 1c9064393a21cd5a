import type { TextRange } from '../../model/origin.ts';
import { isPython } from '../python/read.ts';
import { parsePython } from '../python/lint/syntax.ts';
import { readNotebook } from '../python/notebook.ts';
import { parseSource } from '../source/syntax.ts';
import { pythonNumbers } from './pythonNumbers.ts';
import { sourceNumbers } from './sourceNumbers.ts';

/** A whole number of at least 2 that a file writes under a name. */
export interface NumberPlace {
  readonly name: string;
  readonly value: number;
  readonly range: TextRange;
}

const SOURCE = /\.([cm]?[jt]s|[jt]sx|html?)$/i;
const NOTEBOOK = /\.ipynb$/i;

/** Whether a file is code, in which a width stands under a name; other files say every layer's own. */
export function isCode(path: string): boolean {
  return SOURCE.test(path) || isPython({ path, size: 0, head: new Uint8Array() });
}

/**
 * The numbers of a source (Python, a notebook's code, JavaScript, TypeScript, a page) under the names they are bound to, in the order of the
 * text: constants, defaults of arguments, keyword arguments, members of objects and dicts, argparse defaults. Throws an InputError for a syntax error in a JavaScript source.
 */
export function numberPlaces(path: string, text: string): readonly NumberPlace[] {
  const numbers = (): readonly NumberPlace[] => {
    if (SOURCE.test(path)) return sourceNumbers(parseSource(path, text));
    const notebook = NOTEBOOK.test(path) ? readNotebook(text) : undefined;
    if (notebook === undefined) return pythonNumbers(parsePython(text));
    return pythonNumbers(parsePython(notebook.code)).map((place) => ({
      ...place,
      range: notebook.toDocument(place.range),
    }));
  };
  return numbers()
    .filter(({ value }) => Number.isInteger(value) && value >= 2)
    .sort((a, b) => a.range.start - b.range.start);
}

/** The text with these numbers times a factor. */
export function withNumbers(text: string, places: readonly NumberPlace[], factor: number): string {
  let made = text;
  for (const { range, value } of places.toReversed())
    made = made.slice(0, range.start) + String(Math.round(value * factor)) + made.slice(range.end);
  return made;
}
