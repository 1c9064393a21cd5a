import { util } from '@tensorflow/tfjs-core';
import { address, emscripten, type Heap, type HeapTensor, withScratch } from './heap.ts';

/** What to gather beyond the totals. */
export interface TapStatsOptions {
  /** Also per unit: an entry of the last axis, over everything else. */
  readonly units?: boolean;
  /** Values below `low` or above `high` count as saturated. For a band |v| > t give −t and t. */
  readonly flat?: { readonly low: number; readonly high: number };
}

/** Sums per unit; non-finite values are left out of all but `nonFinite`. Index = unit. */
export interface RawUnits {
  /** Values per unit, finite or not. */
  readonly samples: number;
  readonly mean: Float64Array;
  /** Σ(v − mean)². Exactly 0 for a unit that is constant. */
  readonly m2: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly zeros: Uint32Array;
  readonly saturated: Uint32Array;
  readonly nonFinite: Uint32Array;
  /** Hash of the unit's values in order: equal for units that are equal everywhere. */
  readonly hash: Uint32Array;
}

/** Sums of a tensor in plain numbers. Non-finite values are left out of all but `count` and `nonFinite`. */
export interface RawStats {
  readonly count: number;
  readonly nonFinite: number;
  readonly zeros: number;
  readonly saturated: number;
  /** Mean of the finite values; NaN when there is none. */
  readonly mean: number;
  /** Σ(v − mean)² of the finite values. */
  readonly m2: number;
  /** Extremes of the finite values; +∞ and −∞ when there is none. */
  readonly min: number;
  readonly max: number;
  /** Bins of floatBins.ts that hold values other than zero, in ascending order of value, and how many of the sampled values each holds. */
  readonly bins: Uint16Array;
  readonly counts: Uint32Array;
  readonly units?: RawUnits;
}

const MAX_BINS = 2 * 8160;

/** Values that enter the histogram, about; of larger tensors every so-manieth row does. */
const HISTOGRAM_SAMPLE = 1 << 16;

/** Distances between sampled rows. Primes, so that rows which cut channels or images in parts meet all of them. */
const DISTANCES = [1, 3, 7, 13, 29, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521];

function distance(count: number): number {
  const wanted = Math.ceil(count / HISTOGRAM_SAMPLE);
  return DISTANCES.find((prime) => prime >= wanted) ?? 65521;
}

/** Views of the results of as/stats.ts for `width` columns, copied off the heap. */
interface Columns {
  readonly mean: Float64Array;
  readonly m2: Float64Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
  readonly zero: Uint32Array;
  readonly flat: Uint32Array;
  /** Minus the number of non-finite values. */
  readonly bad: Int32Array;
  readonly hash: Uint32Array;
}

function columnsAt(heap: Heap, at: number, width: number): Columns {
  const copy = emscripten(heap.backend).HEAPU8.buffer.slice(at, at + width * 40);
  const part = (quarter: number) => quarter * width * 4;
  return {
    mean: new Float64Array(copy, 0, width),
    m2: new Float64Array(copy, part(2), width),
    low: new Float32Array(copy, part(4), width),
    high: new Float32Array(copy, part(5), width),
    zero: new Uint32Array(copy, part(6), width),
    flat: new Uint32Array(copy, part(7), width),
    bad: new Int32Array(copy, part(8), width),
    hash: new Uint32Array(copy, part(9), width),
  };
}

/** What the columns from `first` on, `step` apart, have in common: moments joined as Chan, Golub and LeVeque (1979) do. */
function joined(columns: Columns, { rows, rest, width }: Layout, first: number, step: number) {
  const { mean: means, m2: spreads, low, high, zero, flat, bad } = columns;
  let [count, mean, m2, min, max, zeros, saturated, nonFinite] = [0, 0, 0, Infinity, -Infinity, 0, 0, 0];
  for (let column = first; column < width; column += step) {
    const more = rows + (column < rest ? 1 : 0) + bad[column]!;
    nonFinite -= bad[column]!;
    if (more === 0) continue;
    const delta = means[column]! - mean;
    const share = more / (count + more);
    mean += delta * share;
    m2 += spreads[column]! + delta * delta * share * count;
    count += more;
    if (low[column]! < min) min = low[column]!;
    if (high[column]! > max) max = high[column]!;
    zeros += zero[column]!;
    saturated += flat[column]!;
  }
  return { mean: count === 0 ? NaN : mean, m2, min, max, zeros, saturated, nonFinite };
}

interface Layout {
  readonly width: number;
  readonly rows: number;
  readonly rest: number;
}

/** How a tensor is laid under the kernel: rows of `width` columns (a multiple of 4, several rows of units side by side) and a rest. */
function layout(count: number, units: number): Layout {
  const fold = units % 4 === 0 ? 1 : units % 2 === 0 ? 2 : 4;
  const width = units * fold;
  const rows = Math.floor(count / width);
  return { width, rows, rest: count - rows * width };
}

/** Columns that stand for one unit each are the result already. */
function unitsOf(columns: Columns, count: number, units: number, cut: Layout): RawUnits {
  const samples = count / units;
  const { mean, m2, zero, flat, bad, hash, low, high } = columns;
  if (cut.width === units) {
    const nonFinite = new Uint32Array(units);
    for (let unit = 0; unit < units; unit++) {
      nonFinite[unit] = -bad[unit]!;
      if (nonFinite[unit] === samples) mean[unit] = NaN;
    }
    const [min, max] = [new Float64Array(low), new Float64Array(high)];
    return { samples, mean, m2, min, max, zeros: zero, saturated: flat, nonFinite, hash };
  }
  const out = {
    samples,
    mean: new Float64Array(units),
    m2: new Float64Array(units),
    min: new Float64Array(units),
    max: new Float64Array(units),
    zeros: new Uint32Array(units),
    saturated: new Uint32Array(units),
    nonFinite: new Uint32Array(units),
    hash: new Uint32Array(units),
  };
  for (let unit = 0; unit < units; unit++) {
    const own = joined(columns, cut, unit, units);
    for (const name of ['mean', 'm2', 'min', 'max', 'zeros', 'saturated', 'nonFinite'] as const)
      out[name][unit] = own[name];
    for (let column = unit; column < cut.width; column += units)
      out.hash[unit] = Math.imul(out.hash[unit]!, 31) + hash[column]!;
  }
  return out;
}

/**
 * Statistics of a float32 tensor on the wasm heap, in one pass over it: totals, a histogram, and per unit if asked (see `RawStats`). Moments are those of float64
 * sums to a relative 10⁻⁶; nothing overflows up to the largest float32, and constant data has m2 = 0 exactly. Of more than 65,536 values the histogram takes a sample of rows.
 */
export function tapStats(heap: Heap, x: HeapTensor, options: TapStatsOptions = {}): RawStats {
  const count = util.sizeFromShape([...x.shape]);
  const units = options.units === true ? (x.shape.at(-1) ?? 1) : 16;
  const { low: from, high: to } = options.flat ?? { low: -Infinity, high: Infinity };
  const { statsBegin, statsRows, statsTail, statsBins, statsBytes } = heap.kernels;
  const cut = layout(count, units);
  const { width, rows, rest } = cut;
  const bytes = statsBytes!(width);
  return withScratch(heap, bytes + MAX_BINS * 8, (scratch) => {
    const at = address(heap, x);
    statsBegin!(width, heap.statsTable, scratch);
    if (rows > 0) statsRows!(at, rows, width, from, to, distance(count));
    if (rest > 0) statsTail!(at + rows * width * 4, rest, from, to);
    const columns = columnsAt(heap, scratch, width);
    const binCount = statsBins!(scratch + bytes);
    const pairs = new Uint32Array(emscripten(heap.backend).HEAPU8.buffer, scratch + bytes, 2 * binCount);
    const bins = new Uint16Array(binCount);
    const counts = new Uint32Array(binCount);
    for (let i = 0; i < binCount; i++) {
      bins[i] = pairs[2 * i]!;
      counts[i] = pairs[2 * i + 1]!;
    }
    const totals = { count, ...joined(columns, cut, 0, 1), bins, counts };
    return options.units === true ? { ...totals, units: unitsOf(columns, count, units, cut) } : totals;
  });
}

/** Samples whose vectors are compared for the mean cosine, and values of each at most. */
export const COSINE_SAMPLES = 32;
export const COSINE_VALUES = 8192;

/** Distance of the values that the mean cosine takes of a sample of this size: odd, so that they run over all channels. */
export function cosineStep(size: number): number {
  return size <= COSINE_VALUES ? 1 : Math.ceil(size / COSINE_VALUES) | 1;
}

/** `meanCosine` of src/engine/meanCosine.ts on the heap. */
export function heapCosine(heap: Heap, x: HeapTensor, samples: number): number {
  const size = samples === 0 ? 0 : util.sizeFromShape([...x.shape]) / samples;
  const step = cosineStep(size);
  return withScratch(heap, 4 * Math.ceil(size / step) + 16, (total) =>
    heap.kernels.meanCosine!(address(heap, x), size, step, Math.min(samples, COSINE_SAMPLES), total),
  );
}
