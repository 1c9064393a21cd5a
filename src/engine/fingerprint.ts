/** The factor of FNV-1a. */
export const FINGERPRINT_PRIME = 0x01000193;

/** The sixteen hashes before the first word: apart, so that equal parts of different lanes do not cancel. */
export function fingerprintStart(): Uint32Array {
  return Uint32Array.from({ length: 16 }, (_, lane) => Math.imul(lane + 1, 0x9e3779b9) ^ 0x811c9dc5);
}

/** Sixteen hex digits from the sixteen hashes of `count` words. */
export function fingerprintOf(hashes: Uint32Array, count: number): string {
  const join = (lanes: Uint32Array) =>
    lanes.reduce((all, hash) => Math.imul((all << 5) | (all >>> 27), 31) ^ hash, count);
  const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
  return hex(join(hashes.subarray(0, 8))) + hex(join(hashes.subarray(8)));
}

/** A 64-bit hash of the bits as 16 hex digits: element e goes to hash e mod 16, so that none waits for another (and as/hash.ts takes four at a time). */
export function fingerprint(values: Float32Array): string {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const hashes = fingerprintStart();
  for (let i = 0; i < bits.length; i++) {
    const hash = hashes[i & 15]!;
    hashes[i & 15] = Math.imul(((hash << 5) | (hash >>> 27)) ^ bits[i]!, FINGERPRINT_PRIME);
  }
  return fingerprintOf(hashes, bits.length);
}
