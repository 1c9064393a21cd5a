import { InputError } from '../model/problem.ts';

/** How a text file's bytes are written. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(bytes: Uint8Array): Encoding {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (bytes.length >= 4 && a !== 0 && b === 0 && bytes[3] === 0) return 'utf-16le';
  if (bytes.length >= 4 && a === 0 && b !== 0 && bytes[2] === 0) return 'utf-16be';
  return 'utf-8';
}

/** The text of bytes in UTF-8 or UTF-16, without its byte order mark. Throws an InputError on bytes that are no text. */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InputError({
      message: `The file is no ${encoding.toUpperCase()} text.`,
      expected: 'UTF-8 or UTF-16 text',
    });
  }
}

/** As `decodeText` for a cut-off beginning of a file: what is broken is replaced. */
export function decodeHead(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** The text of an open document as the offsets count it: without a byte order mark. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Line and column, 1-based, of an offset in words: for what is told without a range. */
export function lineColumn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}

/** Whether the beginning of a file is text: no control characters but white space, nothing that did not decode. */
export function looksLikeText(start: string): boolean {
  return !/[\p{Cc}\uFFFD]/u.test(start.replaceAll(/[\t\n\v\f\r]/g, '').slice(0, -1));
}
