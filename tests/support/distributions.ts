/** The largest distance between two samples' distribution functions (Kolmogorov and Smirnov). */
export function kolmogorovSmirnov(a: Float32Array, b: Float32Array): number {
  const [x, y] = [Float32Array.from(a).sort(), Float32Array.from(b).sort()];
  let [i, j, largest] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= value) i++;
    while (j < y.length && y[j]! <= value) j++;
    largest = Math.max(largest, Math.abs(i / x.length - j / y.length));
  }
  return largest;
}

/** The distance that two samples of one law exceed once in a thousand times. */
export function criticalDistance(n: number, m: number): number {
  return 1.95 * Math.sqrt((n + m) / (n * m));
}

/** Mean and standard deviation in float64. */
export function moments(values: Float32Array): { mean: number; std: number; low: number; high: number } {
  let [sum, squares, low, high] = [0, 0, Infinity, -Infinity];
  for (const value of values) {
    sum += value;
    squares += value * value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const mean = sum / values.length;
  return { mean, std: Math.sqrt(Math.max(0, squares / values.length - mean * mean)), low, high };
}
