import { access, open, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { Files } from '../model/measurer.ts';
import { InputError } from '../model/problem.ts';
import { importedFile, isInside } from './imports.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EACCES: 'The file may not be read.',
  EPERM: 'The file may not be read.',
  EISDIR: 'This is a folder, not a file.',
  ENOTDIR: 'A part of this path is a file, not a folder.',
  ELOOP: 'This path is a circle of links.',
  EMFILE: 'Too many files are open.',
};

/** A system error as one line about the file; anything else is passed on. */
function asInputError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const message = code === undefined ? undefined : (REASONS[code] ?? `The file cannot be read (${code}).`);
  return message === undefined ? error : new InputError({ file: path, message });
}

async function guarded<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw asInputError(error, path);
  }
}

async function readRange(path: string, start: number, end: number | undefined): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.max(0, Math.min(end ?? size, size) - start);
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done === length ? bytes : bytes.subarray(0, done);
  } finally {
    await handle.close();
  }
}

/** Files of this machine, read by ranges. Errors are InputErrors that name the file. */
export const nodeFiles: Files = {
  size: (path) =>
    guarded(path, async () => {
      const found = await stat(path);
      if (!found.isFile()) throw new InputError({ file: path, message: 'This is no regular file.' });
      return found.size;
    }),
  read: (path, start = 0, end) => guarded(path, () => readRange(path, start, end)),
  beside: (base, name) => {
    const folder = dirname(resolve(base));
    const path = resolve(folder, name);
    return isInside(folder, path) && !isAbsolute(name) ? path : undefined;
  },
  exists: async (path) => {
    try {
      await access(path);
      return true;
    } catch {
      return false;
    }
  },
  imported: importedFile,
  openHdf5: async (path) => (await import('./hdf5.ts')).openHdf5(path),
  openHdf5Bytes: async (bytes) => {
    const { temporaryFile } = await import('./archiveEntry.ts');
    const { path, remove } = await temporaryFile(bytes);
    try {
      const opened = await (await import('./hdf5.ts')).openHdf5(path);
      return {
        ...opened,
        close: () => {
          opened.close();
          void remove();
        },
      };
    } catch (error) {
      await remove();
      throw error;
    }
  },
};
