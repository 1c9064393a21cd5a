import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { contentHash } from '../model/hash.ts';

type Encoding = 'utf8' | 'utf8-bom' | 'utf16le' | 'utf16be';

/** A text file as it lies on disk: its text without BOM, and how to write it back. */
interface TextFile {
  readonly text: string;
  readonly bytes: Buffer;
  readonly encoding: Encoding;
}

/** Why a file was not written; one line for the person. */
export class NotWritten extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotWritten';
  }
}

function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf8-bom';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf16be' : 'utf8';
}

function decode(bytes: Buffer, encoding: Encoding): string {
  switch (encoding) {
    case 'utf8':
      return bytes.toString('utf8');
    case 'utf8-bom':
      return bytes.subarray(3).toString('utf8');
    case 'utf16le':
      return bytes.subarray(2).toString('utf16le');
    case 'utf16be':
      return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
        .swap16()
        .toString('utf16le');
  }
}

function encode(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'utf8':
      return Buffer.from(text, 'utf8');
    case 'utf8-bom':
      return Buffer.from(`\ufeff${text}`, 'utf8');
    case 'utf16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  }
}

/** Reads a text file with its byte order mark and encoding. */
export async function readTextFile(path: string): Promise<TextFile> {
  const bytes = await readFile(path);
  const encoding = encodingOf(bytes);
  return { text: decode(bytes, encoding), bytes, encoding };
}

/**
 * Writes a changed text in the encoding it had: a new file beside it, flushed, then renamed over it, so that a crash leaves the
 * old or the new one. Refuses with NotWritten when the file is read-only or is no longer what was read.
 */
export async function replaceTextFile(path: string, before: TextFile, text: string): Promise<void> {
  await replaceFile(path, before.bytes, encode(text, before.encoding));
}

/** The same for a file of bytes, when it still holds `before`. */
export async function replaceFile(path: string, before: Uint8Array, after: Uint8Array): Promise<void> {
  const target = await realpath(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const { mode } = await stat(target);
  const writable = await access(target, constants.W_OK).then(
    () => (mode & 0o222) !== 0,
    () => false,
  );
  if (!writable) throw new NotWritten('the file is read-only; nothing was written');
  const file = await open(temporary, 'wx', mode).catch((error: unknown) => {
    throw new NotWritten(`its folder cannot be written to (${String(error)}); nothing was written`);
  });
  try {
    try {
      await file.writeFile(after);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!(await readFile(target)).equals(before))
      throw new NotWritten('the file changed while it was inspected; nothing was written');
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Whether a text is the one an edit was made for. */
export function isText(text: string, hash: string): boolean {
  return contentHash(text) === hash;
}
