/** The 64-bit key of one stream of draws, as two unsigned 32-bit halves (k0 the low one). */
export interface PhiloxKey {
  readonly k0: number;
  readonly k1: number;
}

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/**
 * The key of a weight's stream: FNV-1a, 64 bits, over the UTF-8 bytes of `seed NUL layerId NUL weight`; k0 is its low half,
 * k1 its high half. A stream depends on nothing else: not on the order of draws, the worker or the backend.
 */
export function keyOf(seed: number | string, layerId: string, weight: string): PhiloxKey {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`${seed}\u0000${layerId}\u0000${weight}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return { k0: Number(hash & 0xffffffffn), k1: Number(hash >> 32n) };
}

/** High 32 bits of the unsigned product; exact because both partial products stay below 2^48. */
function mulHigh(a: number, b: number): number {
  const low = a * (b & 0xffff);
  return Math.floor((a * (b >>> 16) + Math.floor(low / 65536)) / 65536);
}

/**
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011): writes the four unsigned 32-bit words of a counter to `out[0..3]`.
 * The counter of block b of a stream is (b mod 2^32, floor(b / 2^32), 0, 0).
 */
export function philox4x32(
  key: PhiloxKey,
  counter: readonly [number, number, number, number],
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let { k0, k1 } = key;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(c0, M0);
    const low0 = Math.imul(c0, M0) >>> 0;
    const high1 = mulHigh(c2, M1);
    const low1 = Math.imul(c2, M1) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * The four words of the block of elements 4·block … 4·block + 3 of a stream, written to `out[0..3]`.
 */
export function philoxBlock(key: PhiloxKey, block: number, out: Uint32Array): void {
  philox4x32(key, [block >>> 0, Math.floor(block / 0x100000000), 0, 0], out);
}
