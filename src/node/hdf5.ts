import type * as h5wasm from 'h5wasm/node';
import type { Hdf5File } from '../model/measurer.ts';
import { InputError } from '../model/problem.ts';

type H5wasm = typeof h5wasm;
type Entity = InstanceType<H5wasm['Group']> | InstanceType<H5wasm['Dataset']>;

const TYPES: Readonly<Record<string, string>> = {
  '<f': 'float32',
  '<d': 'float64',
  '<e': 'float16',
  '<i': 'int32',
  '<b': 'int8',
  '<B': 'uint8',
};

let loading: Promise<H5wasm> | undefined;

async function library(): Promise<H5wasm> {
  loading ??= import('h5wasm/node').then(async (module) => {
    const { activate_throwing_error_handler: quiet } = (await module.ready) as unknown as {
      activate_throwing_error_handler?: () => void;
    };
    quiet?.();
    return module;
  });
  return loading;
}

/** What the library throws about a damaged file, as one line. */
function guarded<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError({
      file: path,
      message: 'The HDF5 file is truncated or damaged.',
      expected: 'a complete HDF5 file',
      hint: 'Write or download it again.',
    });
  }
}

const texts = (value: unknown): string | readonly string[] | undefined => {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (!Array.isArray(value)) return undefined;
  return value.map((item: unknown) =>
    item instanceof Uint8Array ? new TextDecoder().decode(item) : String(item),
  );
};

/** Opens an HDF5 file by ranged reads (a file of hundreds of megabytes costs a few). Rejects with an InputError. */
export async function openHdf5(path: string): Promise<Hdf5File> {
  const { File, Group, Dataset } = await library();
  const file = guarded(path, () => {
    const opened = new File(path, 'r');
    if (opened.file_id < 0n) throw new Error('not opened');
    return opened;
  });
  const entity = (at: string): Entity | undefined => {
    if (at === '/') return file;
    const found = guarded(path, () => file.get(at));
    return found instanceof Group || found instanceof Dataset ? found : undefined;
  };
  return {
    attribute: (at, name) =>
      guarded(path, () => {
        const owner = entity(at);
        const names = owner === undefined ? [] : Object.keys(owner.attrs);
        return names.includes(name) ? texts(owner?.attrs[name]?.value) : undefined;
      }),
    children: (at) =>
      guarded(path, () => {
        const group = entity(at);
        return group instanceof Group ? group.keys() : [];
      }),
    dataset: (at) =>
      guarded(path, () => {
        const found = entity(at);
        if (!(found instanceof Dataset)) return undefined;
        const dtype = typeof found.dtype === 'string' ? (TYPES[found.dtype] ?? found.dtype) : 'unknown';
        return { shape: [...(found.shape ?? [])], dtype };
      }),
    close: () => {
      file.close();
    },
  };
}

/** Numbers of any width as 32-bit floats; a scalar dataset gives a bare number. */
function asFloats(value: unknown): Float32Array {
  const numbers = typeof value === 'number' || typeof value === 'bigint' ? [value] : value;
  return Float32Array.from(numbers as ArrayLike<number | bigint>, Number);
}

/** The values of a dataset as 32-bit floats. Rejects with an InputError for anything but numbers of the expected count. */
export async function readHdf5Dataset(path: string, dataset: string, size: number): Promise<Float32Array> {
  const { File, Dataset } = await library();
  return guarded(path, () => {
    const file = new File(path, 'r');
    try {
      const found = file.get(dataset);
      const count = found instanceof Dataset ? (found.shape ?? []).reduce((a, b) => a * b, 1) : -1;
      if (!(found instanceof Dataset) || count !== size)
        throw new InputError({
          file: path,
          message: `The saved weight ${dataset} cannot be read.`,
          found: `${count} values`,
          expected: `${size} values`,
        });
      return asFloats(found.value);
    } finally {
      file.close();
    }
  });
}
