import type { SavedValues } from '../engine/weights.ts';
import { float16 } from '../model/float16.ts';
import { InputError } from '../model/problem.ts';
import type { LayerSpec, ModelSpec, SavedWeight, WeightSpec } from '../model/spec.ts';
import { inflatedEntry } from './archiveEntry.ts';
import { nodeFiles } from './files.ts';
import { readHdf5Dataset } from './hdf5.ts';

/** Little-endian readers of stored element types. */
const READERS: Readonly<Record<string, { size: number; read: (view: DataView, at: number) => number }>> = {
  float32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  float64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  float16: { size: 2, read: (view, at) => float16(view.getUint16(at, true)) },
  int32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  uint8: { size: 1, read: (view, at) => view.getUint8(at) },
  bool: { size: 1, read: (view, at) => view.getUint8(at) },
  uint16: { size: 2, read: (view, at) => view.getUint16(at, true) },
};

function decode(bytes: Uint8Array, saved: SavedWeight, size: number, name: string): Float32Array {
  const stored = saved.quantization?.dtype ?? saved.dtype;
  const reader = READERS[stored];
  const problem = { file: saved.file, message: `The saved weight ${name} cannot be read.` };
  if (reader === undefined) throw new InputError({ ...problem, found: `type ${stored}` });
  if (bytes.length < size * reader.size)
    throw new InputError({
      ...problem,
      found: `${bytes.length} bytes`,
      expected: `${size * reader.size} bytes`,
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { scale = 1, min = 0 } = saved.quantization ?? {};
  return Float32Array.from({ length: size }, (_, i) => reader.read(view, i * reader.size) * scale + min);
}

/** The stored bytes of a weight, from one file or from the shards it is spread over. */
async function storedBytes(saved: SavedWeight): Promise<Uint8Array> {
  if (saved.parts === undefined) {
    const start = saved.start ?? 0;
    const end = saved.byteLength === undefined ? undefined : start + saved.byteLength;
    return nodeFiles.read(saved.file, start, end);
  }
  const parts = saved.parts.map(({ file, start, byteLength }) =>
    nodeFiles.read(file, start, start + byteLength),
  );
  return new Uint8Array(Buffer.concat(await Promise.all(parts)));
}

async function readOne(weight: WeightSpec, saved: SavedWeight, hdf5: string): Promise<Float32Array> {
  const size = weight.shape.reduce((product, dimension) => product * dimension, 1);
  if (saved.dataset !== undefined)
    return readHdf5Dataset(hdf5, saved.dataset, size).catch((error: unknown) => {
      throw error instanceof InputError ? new InputError({ ...error.problem, file: saved.file }) : error;
    });
  return decode(await storedBytes(saved), saved, size, weight.name);
}

/** Reads every saved weight of a model (byte ranges of TF.js shards, datasets of HDF5 files, also inside archives). */
export async function readSavedWeights(spec: ModelSpec): Promise<SavedValues> {
  const values = new Map<string, Float32Array>();
  const inflated = new Map<string, Awaited<ReturnType<typeof inflatedEntry>>>();
  const hdf5 = async ({ file, entry }: SavedWeight): Promise<string> => {
    if (entry === undefined) return file;
    const content = inflated.get(file) ?? (await inflatedEntry(file, entry));
    inflated.set(file, content);
    return content.path;
  };
  const readLayer = async (layer: LayerSpec): Promise<void> => {
    for (const weight of layer.weights) {
      const { saved } = weight;
      if (saved === undefined) continue;
      values.set(`${layer.id}\n${weight.name}`, await readOne(weight, saved, await hdf5(saved)));
    }
    for (const inner of layer.inner ?? []) await readLayer(inner);
  };
  try {
    for (const layer of spec.layers) await readLayer(layer);
  } finally {
    for (const { remove } of inflated.values()) await remove();
  }
  return (layer, weight) => values.get(`${layer}\n${weight.name}`);
}
