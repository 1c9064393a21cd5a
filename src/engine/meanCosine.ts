import { COSINE_SAMPLES, cosineStep } from './kernels/tapStats.ts';

/**
 * Mean cosine over pairs of samples, by the sum of their unit vectors: of the first 32 samples, and of at most 8192 values of each, taken at
 * an odd distance so that they run over all channels. Samples that are all zero are left out; where fewer than two are left it is 1.
 */
export function meanCosine(values: Float32Array, samples: number): number {
  const size = samples === 0 ? 0 : values.length / samples;
  const step = cosineStep(size);
  const total = new Float64Array(Math.ceil(size / step));
  let used = 0;
  for (let sample = 0; sample < Math.min(samples, COSINE_SAMPLES); sample++) {
    const start = sample * size;
    let square = 0;
    for (let i = 0; i < size; i += step) square += values[start + i]! * values[start + i]!;
    const scale = 1 / Math.sqrt(square);
    if (!Number.isFinite(scale)) continue;
    used++;
    for (let i = 0, at = 0; i < size; i += step, at++) total[at]! += values[start + i]! * scale;
  }
  if (used < 2) return 1;
  let square = 0;
  for (const value of total) square += value * value;
  return (square - used) / (used * (used - 1));
}
