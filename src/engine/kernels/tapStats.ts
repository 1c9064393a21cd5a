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
  /** Bins of floatBins.ts that hold values other than zero, in ascending order of value, and how many each holds. */
  readonly bins: Uint16Array;
  readonly counts: Uint32Array;
  readonly units?: RawUnits;
}

const MAX_BINS = 2 * 8160;

/** Views of the results of as/stats.ts for `width` columns, copied off the heap. */
interface Columns {
  readonly sum: Float64Array;
  readonly square: Float64Array;
  readonly first: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
  readonly zero: Uint32Array;
  readonly flat: Uint32Array;
  readonly bad: Int32Array;
  readonly hash: Uint32Array;
}

function columnsAt(heap: Heap, at: number, width: number): Columns {
  const copy = emscripten(heap.backend).HEAPU8.buffer.slice(at, at + width * 44);
  const part = (quarter: number) => quarter * width * 4;
  return {
    sum: new Float64Array(copy, 0, width),
    square: new Float64Array(copy, part(2), width),
    first: new Float32Array(copy, part(4), width),
    low: new Float32Array(copy, part(5), width),
    high: new Float32Array(copy, part(6), width),
    zero: new Uint32Array(copy, part(7), width),
    flat: new Uint32Array(copy, part(8), width),
    bad: new Int32Array(copy, part(9), width),
    hash: new Uint32Array(copy, part(10), width),
  };
}

/** Running count, mean and Σ(v − mean)², joined as Chan, Golub and LeVeque (1979) do. */
class Moments {
  count = 0;
  mean = NaN;
  m2 = 0;

  add(count: number, mean: number, m2: number): void {
    if (count === 0) return;
    if (this.count === 0) {
      this.mean = mean;
      this.m2 = m2;
    } else {
      const delta = mean - this.mean;
      const all = this.count + count;
      this.m2 += m2 + delta * delta * ((this.count * count) / all);
      this.mean += delta * (count / all);
    }
    this.count += count;
  }

  addColumn(columns: Columns, column: number, samples: number): void {
    const count = samples + columns.bad[column]!;
    if (count === 0) return;
    const shifted = columns.sum[column]! / count;
    const m2 = Math.max(0, columns.square[column]! - shifted * columns.sum[column]!);
    this.add(count, columns.first[column]! + shifted, m2);
  }
}

/** How a tensor is laid under the kernel: rows of `width` columns (a multiple of 4, several rows of units side by side) and a rest. */
function layout(count: number, units: number): { width: number; rows: number; rest: number } {
  const fold = units % 4 === 0 ? 1 : units % 2 === 0 ? 2 : 4;
  const width = units * fold;
  const rows = Math.floor(count / width);
  return { width, rows, rest: count - rows * width };
}

function gatherUnits(columns: Columns, count: number, units: number, width: number): RawUnits {
  const { rows, rest } = layout(count, units);
  const out = {
    samples: count / units,
    mean: new Float64Array(units),
    m2: new Float64Array(units),
    min: new Float64Array(units).fill(Infinity),
    max: new Float64Array(units).fill(-Infinity),
    zeros: new Uint32Array(units),
    saturated: new Uint32Array(units),
    nonFinite: new Uint32Array(units),
    hash: new Uint32Array(units),
  };
  for (let unit = 0; unit < units; unit++) {
    const moments = new Moments();
    for (let column = unit; column < width; column += units) {
      moments.addColumn(columns, column, rows + (column < rest ? 1 : 0));
      out.min[unit] = Math.min(out.min[unit]!, columns.low[column]!);
      out.max[unit] = Math.max(out.max[unit]!, columns.high[column]!);
      out.zeros[unit]! += columns.zero[column]!;
      out.saturated[unit]! += columns.flat[column]!;
      out.nonFinite[unit]! -= columns.bad[column]!;
      out.hash[unit] = Math.imul(out.hash[unit]!, 31) + columns.hash[column]!;
    }
    out.mean[unit] = moments.mean;
    out.m2[unit] = moments.m2;
  }
  return out;
}

const total = (values: ArrayLike<number>) =>
  Array.prototype.reduce.call(values, (a, b) => (a as number) + (b as number), 0) as number;

/**
 * Statistics of a float32 tensor on the wasm heap, in one pass over it: totals, a histogram, and per unit if asked (see `RawStats`). Sums are float64 about a
 * first value, so nothing overflows up to the largest float32 and constant data has m2 = 0 exactly.
 */
export function tapStats(heap: Heap, x: HeapTensor, options: TapStatsOptions = {}): RawStats {
  const count = util.sizeFromShape([...x.shape]);
  const units = options.units === true ? (x.shape.at(-1) ?? 1) : 16;
  const { low: from, high: to } = options.flat ?? { low: -Infinity, high: Infinity };
  const { statsBegin, statsRows, statsTail, statsBins, statsBytes } = heap.kernels;
  const { width, rows, rest } = layout(count, units);
  const bytes = statsBytes!(width);
  return withScratch(heap, bytes + MAX_BINS * 8, (scratch) => {
    const at = address(heap, x);
    statsBegin!(at, width, Math.min(width, count), heap.statsTable, scratch);
    if (rows > 0) statsRows!(at, rows, width, from, to);
    if (rest > 0) statsTail!(at + rows * width * 4, rest, from, to);
    const columns = columnsAt(heap, scratch, width);
    const binCount = statsBins!(scratch + bytes);
    const pairs = new Uint32Array(emscripten(heap.backend).HEAPU8.buffer, scratch + bytes, 2 * binCount);
    const moments = new Moments();
    let min = Infinity;
    let max = -Infinity;
    for (let column = 0; column < width; column++) {
      moments.addColumn(columns, column, rows + (column < rest ? 1 : 0));
      min = Math.min(min, columns.low[column]!);
      max = Math.max(max, columns.high[column]!);
    }
    return {
      count,
      nonFinite: -total(columns.bad),
      zeros: total(columns.zero),
      saturated: total(columns.flat),
      mean: moments.mean,
      m2: moments.m2,
      min,
      max,
      bins: Uint16Array.from({ length: binCount }, (_, i) => pairs[2 * i]!),
      counts: Uint32Array.from({ length: binCount }, (_, i) => pairs[2 * i + 1]!),
      ...(options.units === true ? { units: gatherUnits(columns, count, units, width) } : {}),
    };
  });
}
