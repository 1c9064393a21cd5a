import { float16 } from '../../model/float16.ts';
import { InputError } from '../../model/problem.ts';
import type { DataArray } from './dataArray.ts';
import { rowSize } from './dataArray.ts';

/** Bytes of one array, in a file or in memory. */
interface ByteSource {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

interface Element {
  readonly size: number;
  read(view: DataView, at: number, little: boolean): number;
}

const ELEMENTS: Readonly<Record<string, Element>> = {
  f2: { size: 2, read: (view, at, little) => float16(view.getUint16(at, little)) },
  f4: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
  i1: { size: 1, read: (view, at) => view.getInt8(at) },
  i2: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  i4: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  i8: { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u1: { size: 1, read: (view, at) => view.getUint8(at) },
  u2: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  u4: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  u8: { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  b1: { size: 1, read: (view, at) => view.getUint8(at) },
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MAX_HEADER = 65_536;
const MAX_BYTES = 2 ** 30;

interface Header {
  readonly element: Element;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** The header's dictionary: exactly the three keys NumPy writes, as literals. */
function parseHeader(text: string, refuse: (problem: { message: string; found?: string }) => never): Header {
  const objects = (found: string): never =>
    refuse({ message: 'an array of Python objects is never unpickled', found });
  const structured = /'descr':\s*\[/.test(text);
  if (structured) refuse({ message: 'a structured array is no array of numbers', found: text.slice(0, 60) });
  const match =
    /^\{(?=.*'descr':\s*'([<>|=]?)([a-zA-Z])(\d*)')(?=.*'fortran_order':\s*(True|False))(?=.*'shape':\s*\(([\d\s,]*)\))[^{}]*\}\s*$/.exec(
      text,
    );
  if (match === null) return refuse({ message: 'the .npy header cannot be read', found: text.slice(0, 60) });
  const [, order = '', letter = '', width = '', fortran, sizes = ''] = match;
  if (letter === 'O') return objects(`dtype ${order}${letter}`);
  const element = ELEMENTS[`${letter}${width}`];
  if (element === undefined)
    return refuse({
      message: 'the array holds no numbers we read',
      found: `dtype ${order}${letter}${width}`,
    });
  const shape = sizes
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  if (!Number.isSafeInteger(shape.reduce((product, size) => product * size, element.size)))
    return refuse({ message: 'the array is too large to exist', found: `shape (${shape.join(', ')})` });
  return { element, little: order !== '>', fortran: fortran === 'True', shape };
}

function decode({ element, little }: Header, bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(Math.floor(bytes.length / element.size));
  for (let i = 0; i < values.length; i++) values[i] = element.read(view, i * element.size, little);
  return values;
}

/** The first rows of a column-major array, row-major. */
function rowMajor(all: Float64Array, shape: readonly number[], count: number): Float64Array {
  const size = rowSize(shape);
  const rows = shape[0] ?? 1;
  const inner = shape.slice(1);
  const result = new Float64Array(count * size);
  for (let at = 0; at < size; at++) {
    let rest = at;
    let index = 0;
    for (let axis = inner.length - 1; axis >= 0; axis--) {
      const length = inner[axis] ?? 1;
      const stride = inner.slice(0, axis).reduce((product, each) => product * each, rows);
      index += (rest % length) * stride;
      rest = Math.floor(rest / length);
    }
    for (let row = 0; row < count; row++) result[row * size + at] = all[index + row] ?? NaN;
  }
  return result;
}

/**
 * The array of a `.npy` file (format 1 to 3): numbers of either byte order, row- or column-major. Only the header is read until rows are
 * asked for. Rejects with an InputError for anything else; objects are never unpickled.
 */
export async function openNpy(
  source: ByteSource,
  names: { readonly name: string; readonly where: string; readonly file: string },
): Promise<DataArray> {
  const { file, where } = names;
  const refuse = (problem: { message: string; found?: string; expected?: string; hint?: string }): never => {
    throw new InputError({
      expected: 'an array of numbers, as numpy.save writes it',
      ...problem,
      file,
      message: names.name === '' ? problem.message : `${where}: ${problem.message}`,
    });
  };
  const head = await source.read(0, 12);
  if (!MAGIC.every((byte, index) => head[index] === byte)) refuse({ message: 'this is no .npy array' });
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const major = head[6] ?? 0;
  if (major < 1 || major > 3 || head.length < 12)
    refuse({ message: 'this .npy format is not known', found: `version ${major}` });
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = (major === 1 ? 10 : 12) + length;
  if (length > MAX_HEADER || start > source.size) refuse({ message: 'the .npy header is cut off' });
  const text = new TextDecoder().decode(await source.read(start - length, start));
  const header = parseHeader(text, refuse);
  const { shape, element, fortran } = header;
  if (shape.length === 0) refuse({ message: 'the array is a single number', expected: 'rows of samples' });
  const bytes = shape.reduce((product, size) => product * size, element.size);
  if (source.size - start !== bytes)
    refuse({
      message: 'the array is cut off or longer than its header says',
      found: `${source.size - start} bytes`,
      expected: `${bytes} bytes for shape (${shape.join(', ')})`,
      hint: 'save it again',
    });
  return {
    ...names,
    shape,
    flat: false,
    rows: async (count) => {
      const wanted = fortran ? bytes : count * rowSize(shape) * element.size;
      if (wanted > MAX_BYTES)
        refuse({
          message: 'too much would have to be read',
          found: `${wanted} bytes`,
          expected: `at most ${MAX_BYTES}`,
        });
      const values = decode(header, await source.read(start, start + wanted));
      return fortran ? rowMajor(values, shape, count) : values;
    },
  };
}
