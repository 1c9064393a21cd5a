import type { Law } from './initializer.ts';
import { TRUNCATED_STD } from './scaled.ts';

/** First two moments and the support of one entry of a weight. */
interface LawMoments {
  readonly mean: number;
  readonly variance: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Exact moments and support of an entry drawn by the law for a weight of this shape: mean and variance over draws and
 * entries. Orthogonal: every entry has E[w²] = gain²/max(rows, columns).
 */
export function lawMoments(law: Law, shape: readonly number[]): LawMoments {
  switch (law.kind) {
    case 'constant':
      return { mean: law.value, variance: 0, low: law.value, high: law.value };
    case 'normal':
      return { mean: law.mean, variance: law.stddev ** 2, low: -Infinity, high: Infinity };
    case 'truncatedNormal': {
      const reach = 2 * law.stddev;
      const variance = (TRUNCATED_STD * law.stddev) ** 2;
      return { mean: law.mean, variance, low: law.mean - reach, high: law.mean + reach };
    }
    case 'uniform': {
      const { low, high } = law;
      return { mean: (low + high) / 2, variance: (high - low) ** 2 / 12, low, high };
    }
    case 'orthogonal': {
      const size = shape.reduce((a, b) => a * b, 1);
      const columns = shape.at(-1) ?? 1;
      const gain = Math.abs(law.gain);
      return { mean: 0, variance: gain ** 2 / Math.max(size / columns, columns), low: -gain, high: gain };
    }
    case 'identity': {
      const size = shape.reduce((a, b) => a * b, 1);
      const ones = Math.min(shape.at(-1) ?? 1, shape.at(-2) ?? 1);
      const share = shape.length > 2 ? Math.min(shape[0] ?? 1, shape[1] ?? 1) / size : ones / size;
      const mean = law.gain * share;
      const variance = law.gain ** 2 * share - mean ** 2;
      return { mean, variance, low: Math.min(0, law.gain), high: Math.max(0, law.gain) };
    }
    case 'values': {
      let low = Infinity;
      let high = -Infinity;
      let sum = 0;
      let squares = 0;
      for (const value of law.values) {
        low = Math.min(low, value);
        high = Math.max(high, value);
        sum += value;
        squares += value * value;
      }
      const count = Math.max(1, law.values.length);
      return { mean: sum / count, variance: Math.max(0, squares / count - (sum / count) ** 2), low, high };
    }
  }
}
