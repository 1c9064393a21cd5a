import type { Measured } from '../model/report.ts';

/**
 * Factor of a two-sided interval whose level is split over the looks at 5, 10 and 20 seeds (rules.md 'interval'): normal, for
 * variances shrunk to theory.
 */
const SHRUNK = 2.4;
/** Student's t at the same split level by degrees of freedom (1 − 0.05/6 quantiles). */
const STUDENT = [
  38.19, 7.65, 4.86, 3.96, 3.53, 3.29, 3.13, 3.02, 2.93, 2.87, 2.82, 2.78, 2.75, 2.72, 2.69, 2.67, 2.66, 2.64,
  2.63,
];

/** Fewest seeds for a warning. */
export const FEWEST_SEEDS = 4;

interface Spread {
  readonly mean: number;
  readonly half: number;
}

function spread(values: readonly number[], sigmaTheory: number | undefined): Spread {
  const count = values.length;
  const mean = values.reduce((all, next) => all + next, 0) / count;
  if (count < 2) return { mean, half: sigmaTheory === undefined ? Infinity : SHRUNK * sigmaTheory };
  const square = values.reduce((all, next) => all + (next - mean) ** 2, 0) / (count - 1);
  if (sigmaTheory === undefined) {
    const student = STUDENT[count - 2] ?? 2.6;
    return { mean, half: (student * Math.sqrt(square)) / Math.sqrt(count) };
  }
  const shrunk = (4 * sigmaTheory * sigmaTheory + (count - 1) * square) / (count + 3);
  return { mean, half: (SHRUNK * Math.sqrt(shrunk)) / Math.sqrt(count) };
}

/** Interval over seeds of a scale from its logarithms (geometric mean); `sigmaTheory` is the law's sd of the logarithm. */
export function scaleInterval(logs: readonly number[], sigmaTheory?: number): Measured {
  const { mean, half } = spread(logs, sigmaTheory);
  return { mean: Math.exp(mean), lo: Math.exp(mean - half), hi: Math.exp(mean + half), n: logs.length };
}

/** Interval over seeds of a share or another bounded value (arithmetic). */
export function shareInterval(values: readonly number[], low = 0, high = 1): Measured {
  const { mean, half } = spread(values, undefined);
  const n = values.length;
  if (n < 2) return { mean, lo: mean, hi: mean, n };
  return { mean, lo: Math.max(low, mean - half), hi: Math.min(high, mean + half), n };
}

/** How an interval stands to a threshold. */
export type Standing = 'beyond' | 'within' | 'undecided';

/** Whether the whole interval is above (below) a limit; fewer than four seeds never are. */
export function above(measured: Measured, limit: number): Standing {
  if (measured.n < FEWEST_SEEDS) return measured.mean > limit ? 'undecided' : 'within';
  return measured.lo > limit ? 'beyond' : measured.hi > limit ? 'undecided' : 'within';
}

/** See {@link above}. */
export function below(measured: Measured, limit: number): Standing {
  if (measured.n < FEWEST_SEEDS) return measured.mean < limit ? 'undecided' : 'within';
  return measured.hi < limit ? 'beyond' : measured.lo < limit ? 'undecided' : 'within';
}
