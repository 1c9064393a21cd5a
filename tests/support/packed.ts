import type { Block } from './runLayers.ts';

/** An array as packing.py writes it. */
export interface Packed {
  readonly shape: readonly number[];
  readonly data: string;
}

/** A block for Python. */
export function pack({ shape, values }: Block): Packed {
  return { shape, data: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64') };
}

/** A block from Python. */
export function unpack({ shape, data }: Packed): Block {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  return { shape, values: new Float32Array(bytes.buffer) };
}
