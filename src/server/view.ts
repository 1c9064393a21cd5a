import type { Position, Range } from 'vscode-languageserver';
import type { TextRange } from '../model/origin.ts';
import { realUri } from '../protocol/virtual.ts';
import type { FileState } from './fileState.ts';

/** A document in which a file's findings are shown: the file itself or its formatted text. Offsets are always of the original text. */
export interface View {
  readonly uri: string;
  readonly formatted: boolean;
  /** The original text. */
  readonly text: string;
  /** False for what stands elsewhere: in another cell of the notebook. */
  holds(range: TextRange): boolean;
  rangeOf(range: TextRange): Range;
  offsetAt(position: Position): number;
}

/** The real file's URI behind a URI that may be a formatted document's. */
export function fileUri(uri: string): string {
  return realUri(uri) ?? uri;
}

/** The view that a URI asks for; undefined while nothing was read, and for an archive's own URI (it has no text). */
export function viewOf(uri: string, state: FileState): View | undefined {
  const reading = state.reading;
  if (reading === undefined) return undefined;
  if (realUri(uri) === undefined) {
    if (state.archive) return undefined;
    const { document } = reading;
    return {
      uri,
      formatted: false,
      text: reading.text,
      holds: () => true,
      rangeOf: ({ start, end }) => ({ start: document.positionAt(start), end: document.positionAt(end) }),
      offsetAt: (position) => document.offsetAt(position),
    };
  }
  const formatted = state.formatted();
  if (formatted === undefined) return undefined;
  const { document, value } = formatted;
  return {
    uri,
    formatted: true,
    text: reading.text,
    holds: () => true,
    rangeOf: ({ start, end }) => ({
      start: document.positionAt(value.toFormatted(start)),
      end: document.positionAt(value.toFormatted(Math.max(start, end - 1)) + (end > start ? 1 : 0)),
    }),
    offsetAt: (position) => value.toOriginal(document.offsetAt(position)),
  };
}
