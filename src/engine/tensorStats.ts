import type { TensorStats } from '../model/measurement.ts';

/** Bins in which percentiles are found, and those that leave the engine. */
const FINE = 2048;
const COARSE = 64;
const SHARES = [0.01, 0.05, 0.5, 0.95, 0.99] as const;

/** Power sums of the finite values about `shift`, and what is counted beside them. */
interface Pass {
  finite: number;
  shift: number;
  sum: number;
  squares: number;
  min: number;
  max: number;
  zeros: number;
}

function firstPass(values: Float32Array): Pass {
  const pass = { finite: 0, shift: 0, sum: 0, squares: 0, min: Infinity, max: -Infinity, zeros: 0 };
  const shift = values.find((value) => Number.isFinite(value)) ?? 0;
  let { finite, sum, squares, min, max, zeros } = pass;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const difference = value - shift;
    if (difference - difference !== 0) continue;
    finite++;
    sum += difference;
    squares += difference * difference;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
  }
  return { finite, shift, sum, squares, min, max, zeros };
}

function fineCounts(values: Float32Array, low: number, high: number): Float64Array {
  const counts = new Float64Array(FINE);
  const scale = FINE / (high - low);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) continue;
    const bin = (value - low) * scale;
    counts[bin >= FINE ? FINE - 1 : bin | 0]!++;
  }
  return counts;
}

/** The values below which the shares lie, linear inside a fine bin. */
function percentilesOf(counts: Float64Array, total: number, low: number, width: number): number[] {
  let bin = 0;
  let below = 0;
  return SHARES.map((share) => {
    const wanted = share * total;
    while (bin < FINE - 1 && below + counts[bin]! < wanted) below += counts[bin++]!;
    const inside = counts[bin]! > 0 ? (wanted - below) / counts[bin]! : 0;
    return low + (bin + Math.min(1, Math.max(0, inside))) * width;
  });
}

function coarse(counts: Float64Array): number[] {
  const result = new Array<number>(COARSE).fill(0);
  counts.forEach((count, bin) => (result[((bin * COARSE) / FINE) | 0]! += count));
  return result;
}

/**
 * Statistics of a tensor's values. Sums are float64 about the first finite value, so that neither a large mean nor values beyond 10¹⁹
 * (whose squares float32 cannot hold) spoil them. Without a finite value all numbers are 0. A constant tensor has a histogram of one bin.
 */
export function tensorStats(values: Float32Array): TensorStats {
  const { finite, shift, sum, squares, min, max, zeros } = firstPass(values);
  const count = values.length;
  const nonFinite = count === 0 ? 0 : (count - finite) / count;
  if (finite === 0) {
    const histogram = { low: 0, high: 0, counts: [0] };
    const flat = { mean: 0, std: 0, rms: 0, min: 0, max: 0, zeros: 0 };
    return { count, ...flat, nonFinite, percentiles: [0, 0, 0, 0, 0], histogram };
  }
  const offset = sum / finite;
  const mean = shift + offset;
  const variance = Math.max(0, squares / finite - offset * offset);
  const moments = {
    mean,
    std: Math.sqrt(variance),
    rms: Math.sqrt(variance + mean * mean),
    min,
    max,
    zeros: zeros / count,
  };
  if (min === max) {
    const histogram = { low: min, high: max, counts: [finite] };
    return { count, ...moments, nonFinite, percentiles: [min, min, min, min, min], histogram };
  }
  const counts = fineCounts(values, min, max);
  const [p1, p5, p50, p95, p99] = percentilesOf(counts, finite, min, (max - min) / FINE);
  const histogram = { low: min, high: max, counts: coarse(counts) };
  return { count, ...moments, nonFinite, percentiles: [p1!, p5!, p50!, p95!, p99!], histogram };
}
