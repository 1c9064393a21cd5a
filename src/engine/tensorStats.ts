import type { TensorStats } from '../model/measurement.ts';
import { binEdges, NEGATIVE_BIN } from './kernels/floatBins.ts';

/** Bins of the histogram that leaves the engine. */
const COARSE = 64;
const SHARES = [0.01, 0.05, 0.5, 0.95, 0.99] as const;

/** What one pass over a tensor gives; moments and extremes are of the finite values. */
export interface RawTensor {
  readonly count: number;
  readonly nonFinite: number;
  readonly zeros: number;
  readonly mean: number;
  /** Σ(v − mean)². */
  readonly m2: number;
  readonly min: number;
  readonly max: number;
  /** Float bins (floatBins.ts) that hold values, in any order, and how many each holds; zeros have none. */
  readonly bins: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

interface Piece {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** The bins by value, zeros among them, cut to the extremes. */
function piecesOf({ bins, counts, zeros, min, max }: RawTensor): Piece[] {
  const rank = (bin: number) =>
    bin & NEGATIVE_BIN ? -1 - (bin & (NEGATIVE_BIN - 1)) : bin & (NEGATIVE_BIN - 1);
  const order = Array.from(bins, (bin, i) => ({ bin, count: counts[i]! })).sort(
    (a, b) => rank(a.bin) - rank(b.bin),
  );
  const pieces = order.map(({ bin, count }): Piece => {
    const [low, high] = binEdges(bin);
    return { low: Math.max(low, min), high: Math.min(high, max), count };
  });
  if (zeros === 0) return pieces;
  const at = pieces.findIndex(({ low }) => low >= 0);
  pieces.splice(at < 0 ? pieces.length : at, 0, { low: 0, high: 0, count: zeros });
  return pieces;
}

/** The values below which the shares lie, linear inside a bin. */
function percentilesOf(pieces: readonly Piece[], total: number): number[] {
  let below = 0;
  let at = 0;
  return SHARES.map((share) => {
    const wanted = share * total;
    while (at < pieces.length - 1 && below + pieces[at]!.count < wanted) below += pieces[at++]!.count;
    const { low, high, count } = pieces[at]!;
    return low + (high - low) * Math.min(1, Math.max(0, (wanted - below) / count));
  });
}

/** Equal bins from min to max; a float bin that spans several gives each its part. */
function coarseCounts(pieces: readonly Piece[], min: number, max: number): number[] {
  const counts = new Array<number>(COARSE).fill(0);
  const scale = COARSE / (max - min);
  for (const { low, high, count } of pieces) {
    const from = (low - min) * scale;
    const to = (high - min) * scale;
    const first = Math.min(COARSE - 1, Math.floor(from));
    const last = Math.min(COARSE - 1, Math.max(first, Math.ceil(to) - 1));
    if (first === last) counts[first]! += count;
    else
      for (let bin = first; bin <= last; bin++)
        counts[bin]! += (count * (Math.min(to, bin + 1) - Math.max(from, bin))) / (to - from);
  }
  return counts.map((count) => Math.round(count));
}

/** The statistics of a tensor from one pass. Without a finite value all numbers are 0; a constant tensor has a histogram of one bin. */
export function tensorStatsOf(raw: RawTensor): TensorStats {
  const { count, min, max, mean } = raw;
  const finite = count - raw.nonFinite;
  const nonFinite = count === 0 ? 0 : raw.nonFinite / count + 0;
  if (finite === 0) {
    const nothing = { mean: 0, std: 0, rms: 0, min: 0, max: 0, zeros: 0 };
    const histogram = { low: 0, high: 0, counts: [0] };
    return { count, ...nothing, nonFinite, percentiles: [0, 0, 0, 0, 0], histogram };
  }
  const variance = raw.m2 / finite;
  const moments = {
    mean,
    std: Math.sqrt(variance),
    rms: Math.sqrt(variance + mean * mean),
    min,
    max,
    zeros: raw.zeros / count,
  };
  if (min === max) {
    const histogram = { low: min, high: max, counts: [finite] };
    return { count, ...moments, nonFinite, percentiles: [min, min, min, min, min], histogram };
  }
  const pieces = piecesOf(raw);
  const [p1, p5, p50, p95, p99] = percentilesOf(pieces, finite);
  const histogram = { low: min, high: max, counts: coarseCounts(pieces, min, max) };
  return { count, ...moments, nonFinite, percentiles: [p1!, p5!, p50!, p95!, p99!], histogram };
}

const table = new Uint32Array(1 << 14);

/** One pass over the values in plain TypeScript: float64 sums about the first finite value, so that nothing overflows or cancels. */
export function plainTensor(values: Float32Array): RawTensor {
  const shift = values.find((value) => Number.isFinite(value)) ?? 0;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let [nonFinite, zeros, sum, squares, min, max] = [0, 0, 0, 0, Infinity, -Infinity];
  table.fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const difference = value - shift;
    if (difference - difference !== 0) {
      nonFinite++;
      continue;
    }
    sum += difference;
    squares += difference * difference;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    else table[bits[i]! >>> 18]!++;
  }
  const finite = values.length - nonFinite;
  const offset = finite === 0 ? 0 : sum / finite;
  const bins: number[] = [];
  const counts: number[] = [];
  table.forEach((count, bin) => {
    if (count === 0) return;
    bins.push(bin);
    counts.push(count);
  });
  const moments = { mean: shift + offset, m2: Math.max(0, squares - offset * sum) };
  return { count: values.length, nonFinite, zeros, ...moments, min, max, bins, counts };
}
