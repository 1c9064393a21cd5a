import { readModels } from '../../src/readers/formats.ts';
import type { Files } from '../../src/model/measurer.ts';
import type { ReadOptions, ReadResult, SourceFile } from '../../src/model/reader.ts';

/** Files that exist only in a test, by path; `beside` stays inside the folder. */
export function memoryFiles(content: Readonly<Record<string, Uint8Array>>): Files {
  const of = (path: string): Uint8Array => {
    const bytes = content[path];
    if (bytes === undefined) throw new Error(`no file ${path}`);
    return bytes;
  };
  return {
    size: (path) => Promise.resolve(of(path).length),
    read: (path, start = 0, end = Infinity) => Promise.resolve(of(path).slice(start, end)),
    beside: (base, name) =>
      name.includes('..') ? undefined : base.slice(0, base.lastIndexOf('/') + 1) + name,
    exists: (path) => Promise.resolve(content[path] !== undefined),
  };
}

/** Reads bytes (or text) as a file of this name. */
export function readBytes(
  path: string,
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const file: SourceFile = { path, size: bytes.length, head: bytes.slice(0, 4096) };
  return readModels(file, memoryFiles({ [path]: bytes }), options);
}
