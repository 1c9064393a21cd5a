import { inflateSync } from 'fflate';
import type { Files } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';

/** One entry of a zip's central directory, as it says of itself. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
  /** Where its record stands in the central directory, and how long it is. */
  readonly record: { readonly start: number; readonly length: number };
}

/** The outline of a zip file. */
interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  readonly start: number;
  readonly length: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const RECORD = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_DIRECTORY = 16 * 2 ** 20;

const broken = (message: string, found?: string): InputError =>
  new InputError({
    message,
    ...(found === undefined ? {} : { found }),
    expected: 'a complete zip archive',
    hint: 'The file is truncated or damaged: write or download it again.',
  });

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Size and place of the directory from the end record, or from zip64's. */
async function locate(path: string, size: number, files: Files): Promise<{ start: number; length: number }> {
  const from = Math.max(0, size - 65_557);
  const tail = viewOf(await files.read(path, from, size));
  for (let at = tail.byteLength - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue;
    const length = tail.getUint32(at + 12, true);
    const start = tail.getUint32(at + 16, true);
    if (start !== 0xffffffff && length !== 0xffffffff) return { start, length };
    const locator = at - 20;
    if (locator < 0 || tail.getUint32(locator, true) !== END64_LOCATOR)
      throw broken('The zip archive has no 64-bit directory.');
    const record = viewOf(await files.read(path, Number(tail.getBigUint64(locator + 8, true)), size));
    if (record.byteLength < 56 || record.getUint32(0, true) !== END64)
      throw broken('The zip archive has no 64-bit directory.');
    return { start: Number(record.getBigUint64(48, true)), length: Number(record.getBigUint64(40, true)) };
  }
  throw broken('The zip archive has no directory at its end.');
}

/** Sizes and offset of a record, from its zip64 extra field where they do not fit. */
function wideSizes(
  view: DataView,
  at: number,
  nameLength: number,
): { size: number; compressed: number; offset: number } {
  let size = view.getUint32(at + 24, true);
  let compressed = view.getUint32(at + 20, true);
  let offset = view.getUint32(at + 42, true);
  let extra = at + 46 + nameLength;
  const end = extra + view.getUint16(at + 30, true);
  while (extra + 4 <= end) {
    const id = view.getUint16(extra, true);
    const length = view.getUint16(extra + 2, true);
    let field = extra + 4;
    const next = (): number => {
      const value = field + 8 <= extra + 4 + length ? Number(view.getBigUint64(field, true)) : NaN;
      field += 8;
      return value;
    };
    if (id === 1) {
      if (size === 0xffffffff) size = next();
      if (compressed === 0xffffffff) compressed = next();
      if (offset === 0xffffffff) offset = next();
    }
    extra += 4 + length;
  }
  return { size, compressed, offset };
}

/** The entries of a zip file; only its directory is read. Throws an InputError when it is cut off or lies about places. */
export async function zipDirectory(path: string, size: number, files: Files): Promise<ZipDirectory> {
  const { start, length } = await locate(path, size, files);
  if (!(start + length <= size) || length > MAX_DIRECTORY)
    throw broken(
      'The zip archive ends before its directory says.',
      `a directory at ${start} of ${length} bytes in a file of ${size}`,
    );
  const bytes = await files.read(path, start, start + length);
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= view.byteLength;) {
    if (view.getUint32(at, true) !== RECORD) throw broken('The zip directory is damaged.');
    const nameLength = view.getUint16(at + 28, true);
    const whole = 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at + whole > view.byteLength) throw broken('The zip directory is cut off.');
    const wide = wideSizes(view, at, nameLength);
    if (!(wide.offset + 30 + wide.compressed <= start))
      throw broken('The zip directory names bytes that are not there.');
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...wide,
      record: { start: at, length: whole },
    });
    at += whole;
  }
  return { entries, start, length };
}

const CRC = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 as zip uses it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC[(crc ^ byte) & 255] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * The content of an entry. Its size is checked against `limit` before anything is inflated, inflating cannot write more than
 * the directory says, and the checksum must hold. Throws an InputError otherwise.
 */
export async function readEntry(
  path: string,
  entry: ZipEntry,
  limit: number,
  files: Files,
): Promise<Uint8Array> {
  if (entry.size > limit || entry.compressed > limit)
    throw new InputError({
      message: `"${entry.name}" in the archive is too large.`,
      found: `${entry.size} bytes`,
      expected: `at most ${limit} bytes`,
    });
  const head = viewOf(await files.read(path, entry.offset, entry.offset + 30));
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL)
    throw broken(`"${entry.name}" is not where the zip directory says.`);
  const from = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const raw = await files.read(path, from, from + entry.compressed);
  if (raw.length < entry.compressed) throw broken(`"${entry.name}" is cut off.`);
  if (entry.method !== 0 && entry.method !== 8)
    throw new InputError({
      message: `"${entry.name}" is packed in a way we do not read.`,
      found: `method ${entry.method}`,
    });
  let content = raw;
  if (entry.method === 8) {
    try {
      content = inflateSync(raw, { out: new Uint8Array(entry.size) });
    } catch {
      throw broken(`"${entry.name}" cannot be unpacked.`);
    }
  }
  if (content.length !== entry.size || crc32(content) !== entry.crc)
    throw broken(`"${entry.name}" is not what the zip directory says (size or checksum).`);
  return content;
}
