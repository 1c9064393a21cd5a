import type { Files } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';
import { readEntry, zipDirectory } from '../archive/zip.ts';
import { decodeText } from '../text.ts';
import { parseCsv } from './csv.ts';
import type { DataArray } from './dataArray.ts';
import { openNpy } from './npy.ts';

/** Bytes of one array of an archive, or of a table, at most; checked before anything is read or inflated. */
const MAX_BYTES = 2 ** 29;

/** One array of a file by its name (empty where the file holds one): nothing of it is read before it is opened. */
interface ArrayEntry {
  readonly name: string;
  open(): Promise<DataArray>;
}

async function listNpz(path: string, size: number, files: Files): Promise<readonly ArrayEntry[]> {
  const named = (error: unknown): never => {
    if (!(error instanceof InputError)) throw error;
    throw new InputError({ ...error.problem, file: path, message: error.problem.message });
  };
  const { entries } = await zipDirectory(path, size, files).catch(named);
  const arrays = entries.filter(({ name }) => name.endsWith('.npy'));
  if (arrays.length === 0) throw new InputError({ file: path, message: 'the archive holds no .npy arrays' });
  return arrays.map((entry) => {
    const name = entry.name.slice(0, -'.npy'.length);
    return {
      name,
      open: async () => {
        const bytes = await readEntry(path, entry, MAX_BYTES, files).catch(named);
        const read = (start: number, end: number) => Promise.resolve(bytes.subarray(start, end));
        return openNpy({ size: bytes.length, read }, { name, where: `the array ${name}`, file: path });
      },
    };
  });
}

/** The arrays of a `.npy`, `.npz` or `.csv` file. Rejects with an InputError that names the file. */
export async function listArrays(path: string, files: Files): Promise<readonly ArrayEntry[]> {
  const size = await files.size(path);
  if (/\.npy$/i.test(path)) {
    const source = { size, read: (start: number, end: number) => files.read(path, start, end) };
    return [{ name: '', open: () => openNpy(source, { name: '', where: 'the array', file: path }) }];
  }
  if (/\.npz$/i.test(path)) return listNpz(path, size, files);
  if (/\.(csv|tsv|txt)$/i.test(path)) {
    if (size > MAX_BYTES)
      throw new InputError({
        file: path,
        message: 'the table is too large',
        found: `${size} bytes`,
        expected: `at most ${MAX_BYTES}`,
        hint: 'save it with numpy.save',
      });
    const text = decodeText(await files.read(path));
    const table = parseCsv(text, path);
    return [{ name: '', open: () => Promise.resolve(table) }];
  }
  throw new InputError({
    file: path,
    message: 'this is no data file that we read',
    expected: '.npy, .npz or .csv',
  });
}

/** The entry of one of these names, or the only one. Throws an InputError that lists what there is. */
export function entryNamed(
  entries: readonly ArrayEntry[],
  names: readonly string[],
  file: string,
  alone: boolean,
): ArrayEntry {
  const [only] = entries;
  const found = names
    .map((name) => entries.find((entry) => entry.name === name))
    .find((entry) => entry !== undefined);
  if (found !== undefined) return found;
  if (only !== undefined && entries.length === 1 && (alone || only.name === '')) return only;
  throw new InputError({
    file,
    message: `there is no array ${names[0] ?? ''}`,
    found: entries.map(({ name }) => name).join(', '),
    expected: names.slice(0, 4).join(', '),
  });
}
