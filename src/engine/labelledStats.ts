import type { LossStats } from '../model/measurement.ts';
import { columnMeans, type Numbers, rowOf, softplus } from './lossStats.ts';
import type { Targets } from './targets.ts';

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0);
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function softmaxNumbers(z: Float32Array, { values, mean }: Targets): Numbers {
  const classes = mean.length;
  const rows = z.length / classes;
  let value = 0;
  let variance = 0;
  for (let start = 0; start < z.length; start += classes) {
    const { logSum, variance: spread } = rowOf(z, start, classes);
    for (let i = 0; i < classes; i++) value += ((values[start + i] ?? 0) * (logSum - z[start + i]!)) / rows;
    variance += spread / rows;
  }
  const uninformed = Math.log(classes);
  const held = columnMeans(z, classes).reduce(
    (sum, each, i) => sum + ((mean[i] ?? 0) - 1 / classes) * each,
    0,
  );
  const cost = uninformed + mean.reduce((sum, share) => sum + xLogX(share), 0);
  const least = 1 / (classes * 1e3);
  const bias = mean.map((share) => Math.log(Math.max(share, least)));
  return {
    value,
    uninformed,
    logitStd: Math.sqrt(variance),
    priorExcess: cost - held,
    prior: { mean, bias },
  };
}

function sigmoidNumbers(z: Float32Array, { values, mean }: Targets): Numbers {
  let value = 0;
  let squares = 0;
  z.forEach((each, i) => {
    value += (softplus(each) - (values[i] ?? 0) * each) / z.length;
    squares += (each * each) / z.length;
  });
  const outputs = columnMeans(z, mean.length);
  const excess = mean.map(
    (share, i) => Math.LN2 + xLogX(share) + xLogX(1 - share) - (share - 0.5) * (outputs[i] ?? 0),
  );
  const bias = mean.map((share) => {
    const inside = Math.min(1 - 1e-3, Math.max(1e-3, share));
    return Math.log(inside / (1 - inside));
  });
  return {
    value,
    uninformed: Math.LN2,
    logitStd: Math.sqrt(squares),
    priorExcess: meanOf(excess),
    prior: { mean, bias },
  };
}

/** In units of the targets' variance (mean deviation): an output that is their mean has 1. */
function regressionNumbers(y: Float32Array, { form, values, mean, scale }: Targets): Numbers {
  const size = form === 'squared' ? Math.sqrt(scale) : scale;
  let value = 0;
  let squares = 0;
  y.forEach((each, i) => {
    const off = Math.abs(each - (values[i] ?? 0)) / size;
    value += (form === 'squared' ? off * off : off) / y.length;
    squares += (each / size) ** 2 / y.length;
  });
  const outputs = columnMeans(y, mean.length);
  const excess = mean.map((center, i) => (center * (center - 2 * (outputs[i] ?? 0))) / (size * size));
  return {
    value,
    uninformed: 1,
    logitStd: Math.sqrt(squares),
    priorExcess: meanOf(excess),
    prior: { mean, bias: mean },
  };
}

/**
 * The loss at initialization of the user's labels. The prior's excess is what an output that holds the prior (the mean target) would save against
 * one of zeros, less what the mean logits hold already: KL(π ‖ uniform) − Σ (π − 1/C)·z̄, linear in the logits, so that a random head
 * cancels over seeds; squared error: (m² − 2·m·ȳ)/Var t. Negative where more is held than asked. Shares of 0 count as
 * 1/(1000·C) in the bias.
 */
export function labelledStats(output: string, loss: string, z: Float32Array, targets: Targets): LossStats {
  const numbers =
    targets.form === 'softmax'
      ? softmaxNumbers(z, targets)
      : targets.form === 'sigmoid'
        ? sigmoidNumbers(z, targets)
        : regressionNumbers(z, targets);
  return { output, loss, ...numbers };
}
