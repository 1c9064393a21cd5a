import { util } from '@tensorflow/tfjs-core';
import { FINGERPRINT_PRIME, fingerprintOf, fingerprintStart } from '../fingerprint.ts';
import type { UnitCounts } from '../unitSums.ts';
import { address, emscripten, type Heap, type HeapTensor, withScratch } from './heap.ts';

/** What to gather beyond the totals. */
export interface TapStatsOptions {
  /** Also over units, the entries of the last axis: what they come to (`tally`), or the sums of each as well (`sums`). */
  readonly units?: 'tally' | 'sums';
  /** Values below `low` or above `high` count as saturated. For a band |v| > t give −t and t. */
  readonly flat?: { readonly low: number; readonly high: number };
}

/** Sums per unit; non-finite values are left out of all but `nonFinite`. Index = unit. */
export interface RawUnits {
  /** Values per unit, finite or not. */
  readonly samples: number;
  /** NaN where no value is finite. */
  readonly mean: Float64Array;
  /** Σ(v − mean)². Exactly 0 for a unit that is constant. */
  readonly m2: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly zeros: Uint32Array;
  readonly saturated: Uint32Array;
  readonly nonFinite: Uint32Array;
  /** The first unit that has the same values everywhere. */
  readonly twin: Uint32Array;
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
  /** p1, p5, p50, p95, p99, and 64 equal bins from min to max, of all values or of an even sample; all 0 unless min < max. */
  readonly percentiles: readonly number[];
  readonly histogram: readonly number[];
  readonly tally?: UnitCounts;
  readonly units?: RawUnits;
}

/** Values that enter the histogram, about; of larger tensors every so-manieth row does. */
const HISTOGRAM_SAMPLE = 1 << 14;

/** Distances between sampled rows. Primes, so that rows which cut channels or images in parts meet all of them. */
const DISTANCES = [1, 3, 7, 13, 29, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071];

function distance(count: number): number {
  const wanted = Math.ceil(count / HISTOGRAM_SAMPLE);
  return DISTANCES.find((prime) => prime >= wanted) ?? 131071;
}

/** The sums of `units` units, whose arrays lie `width` entries apart from `at` on, copied off the heap. */
function unitsAt(heap: Heap, at: number, width: number, units: number, samples: number): RawUnits {
  const { buffer } = emscripten(heap.backend).HEAPU8;
  const place = (quarter: number) => at + quarter * width * 4;
  const words = (quarter: number) => new Uint32Array(buffer, place(quarter), units);
  return {
    samples,
    mean: new Float64Array(buffer, at, units).slice(),
    m2: new Float64Array(buffer, place(2), units).slice(),
    min: Float64Array.from(new Float32Array(buffer, place(4), units)),
    max: Float64Array.from(new Float32Array(buffer, place(5), units)),
    zeros: words(6).slice(),
    saturated: words(7).slice(),
    nonFinite: words(8).map((bad) => -bad),
    twin: words(9).slice(),
  };
}

/** `Array.from` of a typed array asks its iterator for each number, which cost as much as reading a small tensor. */
function plainCopy(numbers: Float64Array, from: number, to: number): number[] {
  const copy: number[] = [];
  for (let i = from; i < to; i++) copy.push(numbers[i]!);
  return copy;
}

/** Rows of `width` columns (a multiple of 4: one row of units, or two or four side by side). */
function widthOf(units: number): number {
  return units * (units % 4 === 0 ? 1 : units % 2 === 0 ? 2 : 4);
}

/**
 * Statistics of a float32 tensor on the wasm heap, in one pass over it: totals, a histogram, and over units if asked (see `RawStats`). Moments are those of float64
 * sums to a relative 10⁻⁶; nothing overflows up to the largest float32, and constant data has m2 = 0 exactly. Of more than 16,384 values the histogram takes a sample of rows.
 */
export function tapStats(heap: Heap, x: HeapTensor, options: TapStatsOptions = {}): RawStats {
  const count = util.sizeFromShape([...x.shape]);
  const units = options.units === undefined ? 16 : (x.shape.at(-1) ?? 1);
  const { low: from, high: to } = options.flat ?? { low: -Infinity, high: Infinity };
  const { kernels } = heap;
  const width = widthOf(units);
  const rows = Math.floor(count / width);
  const rest = count - rows * width;
  const columnBytes = kernels.statsBytes!(width);
  const totalBytes = kernels.totalsBytes!();
  const workBytes = Math.max(kernels.pieceBytes!(), kernels.tallyBytes!(units));
  return withScratch(heap, columnBytes + totalBytes + workBytes, (columns) => {
    const at = address(heap, x);
    const totals = columns + columnBytes;
    const work = totals + totalBytes;
    kernels.statsBegin!(width, heap.statsTable, columns);
    if (rows > 0) kernels.statsRows!(at, rows, width, from, to, distance(count));
    if (rest > 0) kernels.statsTail!(at + rows * width * 4, rest, from, to);
    kernels.statsTotals!(width, rows, rest, totals, work);
    const numbers = new Float64Array(emscripten(heap.backend).HEAPU8.buffer, totals, totalBytes / 8);
    const raw = {
      count,
      mean: numbers[0]!,
      m2: numbers[1]!,
      min: numbers[2]!,
      max: numbers[3]!,
      zeros: numbers[4]!,
      saturated: numbers[5]!,
      nonFinite: numbers[6]!,
      percentiles: plainCopy(numbers, 7, 12),
      histogram: plainCopy(numbers, 12, numbers.length),
    };
    if (options.units === undefined) return raw;
    const samples = count / units;
    kernels.statsFold!(width, rows, rest, units);
    kernels.statsTally!(at, samples, units, work);
    const [dead, neverZero, constant, variances, meanSizes, distinct] = new Float64Array(
      numbers.buffer,
      work,
      6,
    );
    const tally = {
      dead: dead!,
      neverZero: neverZero!,
      constant: constant!,
      variances: variances!,
      meanSizes: meanSizes!,
      distinct: distinct!,
    };
    if (options.units === 'tally') return { ...raw, tally };
    return { ...raw, tally, units: unitsAt(heap, columns, width, units, samples) };
  });
}

/** `fingerprint` of src/engine/fingerprint.ts on the heap. */
export function heapFingerprint(heap: Heap, x: HeapTensor): string {
  const count = util.sizeFromShape([...x.shape]);
  return withScratch(heap, 64, (state) => {
    const view = () => new Uint32Array(emscripten(heap.backend).HEAPU8.buffer, state, 16);
    view().set(fingerprintStart());
    heap.kernels.hashWords!(address(heap, x), count, FINGERPRINT_PRIME, state);
    return fingerprintOf(view(), count);
  });
}

/** Samples whose vectors are compared for the mean cosine, and values of each at most. */
export const COSINE_SAMPLES = 32;
export const COSINE_VALUES = 2048;

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
