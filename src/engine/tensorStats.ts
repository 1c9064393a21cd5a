import type { TensorStats } from '../model/measurement.ts';
import { binEdges } from './kernels/floatBins.ts';
import type { RawStats } from './kernels/tapStats.ts';

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
  /** Float bins (floatBins.ts) that hold values, in any order, and how many values each holds, of all or of an even sample; zeros have none. */
  readonly bins: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

const edges = { low: new Float64Array(1 << 14), high: new Float64Array(1 << 14), known: false };

/** The edges of every float bin, made when first asked for. */
function allEdges(): { readonly low: Float64Array; readonly high: Float64Array } {
  for (let bin = 0; !edges.known && bin < 1 << 14; bin++) {
    const [low, high] = binEdges(bin);
    edges.low[bin] = low;
    edges.high[bin] = high;
  }
  edges.known = true;
  return edges;
}

/** The first `size` intervals in ascending order and how many values lie in each. */
interface Pieces {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly count: Float64Array;
  size: number;
}

/** The pieces of the tensor at hand: one set of arrays, since every tap of every pass fills them. */
const pieces: Pieces = {
  low: new Float64Array((1 << 14) + 2),
  high: new Float64Array((1 << 14) + 2),
  count: new Float64Array((1 << 14) + 2),
  size: 0,
};

function put(low: number, high: number, many: number): void {
  pieces.low[pieces.size] = low;
  pieces.high[pieces.size] = high;
  pieces.count[pieces.size++] = many;
}

/** Whether the bins come in ascending order of value. */
function ascending(bins: ArrayLike<number>, low: Float64Array): boolean {
  for (let i = 1; i < bins.length; i++) if (low[bins[i - 1]!]! > low[bins[i]!]!) return false;
  return true;
}

/** The bins by value, zeros among them, cut to the extremes; counts of a sample are brought to the whole. */
function piecesOf({ bins, counts, count, nonFinite, zeros, min, max }: RawTensor): Pieces {
  const { low: lows, high: highs } = allEdges();
  const order = ascending(bins, lows)
    ? undefined
    : Uint32Array.from({ length: bins.length }, (_, i) => i).sort(
        (a, b) => lows[bins[a]!]! - lows[bins[b]!]!,
      );
  let sampled = 0;
  for (let i = 0; i < counts.length; i++) sampled += counts[i]!;
  const others = count - nonFinite - zeros;
  const scale = sampled === 0 ? 0 : others / sampled;
  pieces.size = 0;
  if (sampled === 0 && others > 0) put(min, max, others);
  let zerosLeft = zeros;
  for (let i = 0; i < bins.length; i++) {
    const at = order === undefined ? i : order[i]!;
    const bin = bins[at]!;
    const low = lows[bin]!;
    const high = highs[bin]!;
    if (zerosLeft > 0 && low >= 0) {
      put(0, 0, zerosLeft);
      zerosLeft = 0;
    }
    put(low < min ? min : low, high > max ? max : high, counts[at]! * scale);
  }
  if (zerosLeft > 0) put(0, 0, zerosLeft);
  return pieces;
}

/** The values below which the shares lie, linear inside a bin. */
function percentilesOf(pieces: Pieces, total: number): number[] {
  let below = 0;
  let at = 0;
  const last = pieces.size - 1;
  return SHARES.map((share) => {
    const wanted = share * total;
    while (at < last && below + pieces.count[at]! < wanted) below += pieces.count[at++]!;
    const low = pieces.low[at]!;
    const inside = (wanted - below) / pieces.count[at]!;
    return low + (pieces.high[at]! - low) * Math.min(1, Math.max(0, inside));
  });
}

/** Equal bins from min to max; a float bin that spans several gives each its part. */
function coarseCounts(pieces: Pieces, min: number, max: number): number[] {
  const counts = new Array<number>(COARSE).fill(0);
  const scale = COARSE / (max - min);
  for (let piece = 0; piece < pieces.size; piece++) {
    const count = pieces.count[piece]!;
    const from = (pieces.low[piece]! - min) * scale;
    const to = (pieces.high[piece]! - min) * scale;
    const first = Math.min(COARSE - 1, Math.floor(from));
    const last = Math.min(COARSE - 1, Math.max(first, Math.ceil(to) - 1));
    if (first === last) counts[first]! += count;
    else
      for (let bin = first; bin <= last; bin++)
        counts[bin]! += (count * (Math.min(to, bin + 1) - Math.max(from, bin))) / (to - from);
  }
  return counts.map((count) => Math.round(count));
}

type Moments = Pick<RawTensor, 'count' | 'nonFinite' | 'zeros' | 'mean' | 'm2' | 'min' | 'max'>;

/** What a tensor of these moments is; `shares` gives percentiles and bins where the values differ. Without a finite value all numbers are 0; a constant tensor has a histogram of one bin. */
function statsOf(
  raw: Moments,
  shares: (finite: number) => { readonly percentiles: readonly number[]; readonly counts: readonly number[] },
): TensorStats {
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
  const { percentiles, counts } = shares(finite);
  const [p1, p5, p50, p95, p99] = percentiles;
  const histogram = { low: min, high: max, counts };
  return { count, ...moments, nonFinite, percentiles: [p1!, p5!, p50!, p95!, p99!], histogram };
}

/** The statistics of a tensor from one pass. */
export function tensorStatsOf(raw: RawTensor): TensorStats {
  return statsOf(raw, (finite) => {
    const pieces = piecesOf(raw);
    return {
      percentiles: percentilesOf(pieces, finite),
      counts: coarseCounts(pieces, raw.min, raw.max),
    };
  });
}

/** The statistics of a tensor from our kernel, which has percentiles and bins already. */
export function heapTensorStats(raw: RawStats): TensorStats {
  return statsOf(raw, () => ({ percentiles: raw.percentiles, counts: raw.histogram }));
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
