const ROUND = new Uint32Array(64);
const START = new Uint32Array(8);

/** First 32 fractional bits of the square and cube roots of the primes (FIPS 180-4 §4.2.2, §5.3.3). */
function fillConstants(): void {
  let filled = 0;
  for (let candidate = 2; filled < 64; candidate++) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
      if (candidate % divisor === 0) prime = false;
    }
    if (!prime) continue;
    const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32);
    if (filled < 8) START[filled] = fraction(Math.sqrt(candidate));
    ROUND[filled] = fraction(Math.cbrt(candidate));
    filled++;
  }
}
fillConstants();

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function compress(state: Uint32Array, words: Uint32Array): void {
  for (let i = 16; i < 64; i++) {
    const early = words[i - 15] ?? 0;
    const late = words[i - 2] ?? 0;
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words[i] = ((words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND[i] ?? 0) + (words[i] ?? 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const added = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) state[i] = (state[i] ?? 0) + (added[i] ?? 0);
}

/** SHA-256 (FIPS 180-4) of bytes, or of a text's UTF-8, in lower-case hex: binds edits and caches to a content. */
export function contentHash(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const state = START.slice();
  const words = new Uint32Array(64);
  const block = new Uint8Array(64);
  const view = new DataView(block.buffer);
  const total = Math.ceil((bytes.length + 9) / 64) * 64;
  for (let at = 0; at < total; at += 64) {
    block.fill(0);
    if (at < bytes.length) block.set(bytes.subarray(at, Math.min(at + 64, bytes.length)));
    if (bytes.length >= at && bytes.length < at + 64) block[bytes.length - at] = 0x80;
    if (at + 64 === total) {
      view.setUint32(56, Math.floor(bytes.length / 2 ** 29));
      view.setUint32(60, (bytes.length * 8) >>> 0);
    }
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(4 * i);
    compress(state, words);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}
