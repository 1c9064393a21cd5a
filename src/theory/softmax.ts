import type { ActivationSpec } from '../model/activations/activation.ts';
import type { Signal } from './signal.ts';

/**
 * Softmax (or log-softmax, glu, sparsemax) of normal logits over `classes`. E[p²] = 1/(C·(1 + (C − 1)·e^(−s²))) is exact at
 * s = 0 and s → ∞ and follows the lognormal law e^(s²)/C² between; glu halves the axis: E[a²σ²].
 */
export function softmaxSignal(activation: ActivationSpec, logits: Signal, classes: number): Signal {
  const variance = Math.max(0, logits.second - logits.unit);
  const common = Math.max(0, logits.cross - logits.unitCross);
  const { logVariance } = logits;
  if (activation.id === 'log_softmax') {
    const level = -Math.log(classes) - Math.min(variance / 2, Math.sqrt(2 * variance * Math.log(classes)));
    const square = level * level;
    return {
      mean: level,
      second: square + variance,
      cross: square + common,
      unit: square,
      unitCross: square,
      logVariance,
    };
  }
  if (activation.id === 'glu') {
    const gate = 0.25 + 0.02 * Math.min(variance, 5);
    return {
      mean: 0,
      second: logits.second * gate,
      cross: logits.cross * 0.25,
      unit: 0,
      unitCross: 0,
      logVariance,
    };
  }
  const square = 1 / (classes * classes);
  const power = (s: number): number => 1 / (classes * (1 + (classes - 1) * Math.exp(-s)));
  return {
    mean: 1 / classes,
    second: power(variance),
    cross: power(common),
    unit: square,
    unitCross: square,
    logVariance: logVariance * Math.min(1, variance),
  };
}
