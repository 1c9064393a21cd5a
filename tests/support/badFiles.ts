import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import type { File } from 'h5wasm/node';
import { HEALTHY, kerasDense, kerasSequential } from './kerasJson.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The bytes of an HDF5 file that an action fills. */
export async function hdf5Bytes(fill: (file: File) => void): Promise<Uint8Array> {
  const h5wasm = await import('h5wasm/node');
  await h5wasm.ready;
  const folder = mkdtempSync(join(tmpdir(), 'initscope-h5-'));
  try {
    const path = join(folder, 'file.h5');
    const file = new h5wasm.File(path, 'w');
    fill(file);
    file.close();
    return new Uint8Array(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A `.keras` archive of a healthy net, or with these entries instead. */
export function kerasZip(entries: Zippable = {}): Uint8Array {
  return zipSync({
    'metadata.json': bytes('{"keras_version": "3.8.0"}'),
    'config.json': bytes(HEALTHY),
    ...entries,
  });
}

/** Writes 32-bit numbers over those of a zip's record of `name`: `size` is the unpacked size, `crc` the checksum. */
export function lyingZip(
  archive: Uint8Array,
  name: string,
  change: {
    readonly size?: number;
    readonly packed?: number;
    readonly crc?: number;
    readonly offset?: number;
  },
): Uint8Array {
  const copy = archive.slice();
  const view = new DataView(copy.buffer);
  for (let at = 0; at + 46 < copy.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const length = view.getUint16(at + 28, true);
    if (new TextDecoder().decode(copy.subarray(at + 46, at + 46 + length)) !== name) continue;
    if (change.crc !== undefined) view.setUint32(at + 16, change.crc, true);
    if (change.packed !== undefined) view.setUint32(at + 20, change.packed, true);
    if (change.size !== undefined) view.setUint32(at + 24, change.size, true);
    if (change.offset !== undefined) view.setUint32(at + 42, change.offset, true);
  }
  return copy;
}

/** A Lambda as Keras writes one: its code marshalled and base64, which is never run. */
export const LAMBDA = kerasSequential([
  kerasDense('a', 4),
  {
    class_name: 'Lambda',
    config: {
      name: 'odd',
      function: ['4wEAAAAAAAAAAQAAAAIAAABTAAAA8wgAAAB8AGQBFABTAA==', null, null],
      function_type: 'lambda',
      output_shape: null,
    },
  },
  kerasDense('b', 4),
]);

/** A TF.js model.json with weights in these shards. */
export function tfjsModel(paths: readonly string[]): string {
  return JSON.stringify({
    format: 'layers-model',
    modelTopology: JSON.parse(HEALTHY) as object,
    weightsManifest: [{ paths, weights: [{ name: 'a/kernel', shape: [8, 16], dtype: 'float32' }] }],
  });
}
