import type { LossStats } from '../model/measurement.ts';
import type { LossForm } from '../model/lossForm.ts';

/** log Σ exp z, and the mean and variance of z, over one row. */
export function rowOf(
  z: ArrayLike<number>,
  start: number,
  classes: number,
): { logSum: number; mean: number; variance: number } {
  let max = -Infinity;
  let sum = 0;
  for (let i = 0; i < classes; i++) {
    const value = z[start + i]!;
    if (value > max) max = value;
    sum += value;
  }
  const mean = sum / classes;
  let exponentials = 0;
  let squares = 0;
  for (let i = 0; i < classes; i++) {
    const value = z[start + i]!;
    exponentials += Math.exp(value - max);
    squares += (value - mean) ** 2;
  }
  return { logSum: max + Math.log(exponentials), mean, variance: squares / classes };
}

/** log(1 + exp z), without overflow. */
export const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** Mean of every column. */
export function columnMeans(z: Float32Array, columns: number): Float64Array {
  const means = new Float64Array(columns);
  for (let i = 0; i < z.length; i++) means[i % columns]! += z[i]!;
  return means.map((sum) => (sum * columns) / z.length);
}

function meanOf(z: ArrayLike<number>, of: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += of(z[i]!);
  return sum / z.length;
}

/** The numbers of a loss, of whichever output. */
export type Numbers = Omit<LossStats, 'output' | 'loss'>;

function softmaxNumbers(z: Float32Array, classes: number): Numbers {
  const rows = z.length / classes;
  let value = 0;
  let variance = 0;
  for (let row = 0; row < rows; row++) {
    const { logSum, mean, variance: spread } = rowOf(z, row * classes, classes);
    value += (logSum - mean) / rows;
    variance += spread / rows;
  }
  const uninformed = Math.log(classes);
  const prior = rowOf(columnMeans(z, classes), 0, classes);
  return {
    value,
    uninformed,
    logitStd: Math.sqrt(variance),
    priorExcess: prior.logSum - prior.mean - uninformed,
  };
}

function sigmoidNumbers(z: Float32Array, units: number): Numbers {
  const loss = (value: number) => softplus(value) - value / 2;
  return {
    value: meanOf(z, loss),
    uninformed: Math.LN2,
    logitStd: Math.sqrt(meanOf(z, (value) => value * value)),
    priorExcess: meanOf(columnMeans(z, units), loss) - Math.LN2,
  };
}

/** Φ(y) by Abramowitz and Stegun 7.1.26 of erf: absolute error below 1.5·10⁻⁷. */
function normalCdf(y: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(y) * Math.SQRT1_2));
  const tail =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - tail * Math.exp((-y * y) / 2);
  return y < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

/** E|y − t| for t ~ N(0,1). */
const absoluteLoss = (y: number): number =>
  y * (2 * normalCdf(y) - 1) + Math.sqrt(2 / Math.PI) * Math.exp((-y * y) / 2);

function regressionNumbers(y: Float32Array, units: number, form: 'squared' | 'absolute'): Numbers {
  const loss = form === 'squared' ? (value: number) => value * value + 1 : absoluteLoss;
  const uninformed = loss(0);
  return {
    value: meanOf(y, loss),
    uninformed,
    logitStd: Math.sqrt(meanOf(y, (value) => value * value)),
    priorExcess: meanOf(columnMeans(y, units), loss) - uninformed,
  };
}

/**
 * The loss at initialization in expectation over labels (uniform classes, fair coins, N(0,1) targets), given the logits or outputs of the
 * batch, `units` values a row. The prior's excess is what the mean logit of each class alone would cost (theory.md §3.6).
 */
export function lossStats(
  output: string,
  loss: string,
  form: LossForm,
  z: Float32Array,
  units: number,
): LossStats {
  const numbers =
    form === 'softmax'
      ? softmaxNumbers(z, units)
      : form === 'sigmoid'
        ? sigmoidNumbers(z, units)
        : regressionNumbers(z, units, form);
  return { output, loss, ...numbers };
}
