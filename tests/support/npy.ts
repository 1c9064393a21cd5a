/** A `.npy` file of format 1 with this header dictionary and these bytes of values. */
export function npyBytes(
  descr: string,
  shape: readonly number[],
  body: Uint8Array,
  fortran = false,
): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const dictionary = `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const padded = `${dictionary.padEnd(Math.ceil((11 + dictionary.length) / 64) * 64 - 11)}\n`;
  const head = new Uint8Array(10);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(head.buffer).setUint16(8, padded.length, true);
  return new Uint8Array(Buffer.concat([head, Buffer.from(padded, 'latin1'), body]));
}

/** Numbers as a `.npy` file of 64-bit floats. */
export function npy(values: readonly number[], shape: readonly number[]): Uint8Array {
  return npyBytes("'<f8'", shape, new Uint8Array(Float64Array.from(values).buffer));
}
