/**
 * Histogram bins that need no range: a bin is the top 14 bits of a float32 (sign, exponent, 5 bits of mantissa), so each octave has 32 and a bin is at most
 * 1/32 of its values wide. Zeros have no bin.
 */
const scratch = new DataView(new ArrayBuffer(4));

/** The sign bit of a bin. */
export const NEGATIVE_BIN = 8192;

/** The bin of a finite value other than zero. */
export function binOf(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0) >>> 18;
}

/** The edge of a bin that is nearer to zero; the other one is the inner edge of the next bin of the same sign. */
function innerEdge(bin: number): number {
  scratch.setUint32(0, (bin & 8191) << 18);
  const magnitude = scratch.getFloat32(0);
  return bin & NEGATIVE_BIN ? -magnitude : magnitude;
}

/** The interval of a bin, [low, high], low < high. The outermost bins end at the largest float32. */
export function binEdges(bin: number): readonly [number, number] {
  const inner = innerEdge(bin);
  const next = (bin & 8191) + 1 < 8160 ? Math.abs(innerEdge(bin + 1)) : 3.4028234663852886e38;
  return inner < 0 || bin & NEGATIVE_BIN ? [-next, inner] : [inner, next];
}
