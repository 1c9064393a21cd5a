import { deflateSync } from 'fflate';
import type { ModelChange, FileEdit, Refusal } from '../../model/change.ts';
import { contentHash } from '../../model/hash.ts';
import type { Files } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { editedPart } from '../editedPart.ts';
import { editJson } from '../json/edit.ts';
import { decodeText } from '../text.ts';
import { configEntry, MAX_CONFIG, virtualConfig } from './keras.ts';
import { crc32, readEntry, zipDirectory, type ZipEntry } from './zip.ts';

/** A whole new archive and what changes in its formatted config, or why there is none. */
export type RewriteResult =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      /** The formatted config as it was, and the same changes as edits of it. */
      readonly text: string;
      readonly edits: FileEdit['edits'];
    }
  | { readonly ok: false; readonly refusal: Refusal };

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A local header and data for new content, with the old header's name, time and method. */
function localEntry(
  old: Uint8Array,
  entry: ZipEntry,
  content: Uint8Array,
): { bytes: Uint8Array; compressed: number } {
  const data = entry.method === 8 ? deflateSync(content) : content;
  const nameLength = viewOf(old).getUint16(26, true);
  const bytes = new Uint8Array(30 + nameLength + data.length);
  bytes.set(old.subarray(0, 30 + nameLength));
  bytes.set(data, 30 + nameLength);
  const view = viewOf(bytes);
  view.setUint16(6, view.getUint16(6, true) & ~8, true);
  view.setUint32(14, crc32(content), true);
  view.setUint32(18, data.length, true);
  view.setUint32(22, content.length, true);
  view.setUint16(28, 0, true);
  return { bytes, compressed: data.length };
}

/**
 * The `.keras` archive with the changes written into its config.json; every other entry keeps its bytes. The spec must come
 * from this content (its hash is that of the formatted config).
 */
export async function rewriteArchive(
  archive: Uint8Array,
  spec: ModelSpec,
  changes: readonly ModelChange[],
): Promise<RewriteResult> {
  const refuse = (reason: string): RewriteResult => ({ ok: false, refusal: { place: spec.file, reason } });
  const files: Files = {
    size: () => Promise.resolve(archive.length),
    read: (_path, start = 0, end = archive.length) => Promise.resolve(archive.subarray(start, end)),
    beside: () => undefined,
    exists: () => Promise.resolve(true),
  };
  try {
    const directory = await zipDirectory(spec.file, archive.length, files);
    const entry = configEntry(directory.entries);
    if (entry === undefined) return refuse('The archive has no config.json.');
    if (archive.length > 0xfffffff0) return refuse('Archives above 4 GiB are not rewritten.');
    const text = decodeText(await readEntry(spec.file, entry, MAX_CONFIG, files));
    const shown = virtualConfig(text);
    if (contentHash(shown) !== spec.contentHash) return refuse('The archive has changed since it was read.');
    const result = editJson(text, { ...spec, contentHash: contentHash(text) }, changes);
    if (!result.ok) return result;
    const inShown = editJson(shown, spec, changes);
    const content = new TextEncoder().encode(editedPart(text, 0, text.length, result.edits[0]?.edits ?? []));
    return {
      ok: true,
      bytes: withContent(archive, directory.start, directory.length, directory.entries, entry, content),
      text: shown,
      edits: inShown.ok ? (inShown.edits[0]?.edits ?? []) : [],
    };
  } catch (error) {
    if (error instanceof InputError) return refuse(error.problem.message);
    throw error;
  }
}

function withContent(
  archive: Uint8Array,
  start: number,
  length: number,
  entries: readonly ZipEntry[],
  changed: ZipEntry,
  content: Uint8Array,
): Uint8Array {
  const next = Math.min(
    start,
    ...entries.map(({ offset }) => offset).filter((offset) => offset > changed.offset),
  );
  const local = localEntry(archive.subarray(changed.offset, next), changed, content);
  const shift = local.bytes.length - (next - changed.offset);
  const result = new Uint8Array(archive.length + shift);
  result.set(archive.subarray(0, changed.offset));
  result.set(local.bytes, changed.offset);
  result.set(archive.subarray(next), next + shift);
  const view = viewOf(result);
  for (const entry of entries) {
    const at = start + shift + entry.record.start;
    if (entry.offset > changed.offset) view.setUint32(at + 42, entry.offset + shift, true);
    if (entry !== changed) continue;
    view.setUint16(at + 8, view.getUint16(at + 8, true) & ~8, true);
    view.setUint32(at + 16, crc32(content), true);
    view.setUint32(at + 20, local.compressed, true);
    view.setUint32(at + 24, content.length, true);
  }
  for (let at = start + shift + length; at + 22 <= result.length; at++) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    view.setUint32(at + 16, start + shift, true);
    break;
  }
  return result;
}
