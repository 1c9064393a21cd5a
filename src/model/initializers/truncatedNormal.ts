import type { InitializerKind } from './initializer.ts';
import { defaultedParameter, numberParameter, zeroTrap } from './parameter.ts';

/**
 * A normal distribution truncated at ±2 deviations in Keras and TF.js (the drawn deviation is 0.8796 · stddev). PyTorch's
 * `trunc_normal_` truncates at absolute bounds (±2 unless given): with bounds beyond 4 deviations that is a normal.
 */
export const truncatedNormal: InitializerKind = {
  id: 'truncatedNormal',
  names: ['TruncatedNormal', 'truncated_normal', 'trunc_normal_', 'trunc_normal'],
  params: (written, semantics) => {
    const torch = semantics === 'pytorch';
    const mean = defaultedParameter(written, ['mean'], 0, semantics);
    const stddev = defaultedParameter(written, ['stddev', 'std'], torch ? 1 : 0.05, semantics);
    if (!torch) return { mean, stddev };
    return {
      mean,
      stddev,
      a: numberParameter(written, ['a'], -2),
      b: numberParameter(written, ['b'], 2),
    };
  },
  law: ({ mean = 0, stddev = 0.05, a, b }) => {
    const law = { mean: Number(mean), stddev: Number(stddev) };
    const bound = Math.min(law.mean - Number(a ?? -Infinity), Number(b ?? Infinity) - law.mean);
    return Number.isFinite(bound) && bound > 4 * law.stddev
      ? { kind: 'normal', ...law }
      : { kind: 'truncatedNormal', ...law };
  },
  serialize: ({ mean = 0, stddev = 0.05, a, b }, target) => {
    if (target === 'tfjs' && stddev === 0) return { className: 'Constant', config: { value: mean } };
    if (target !== 'pytorch') return { className: 'TruncatedNormal', config: { mean, stddev } };
    const low = Number(a ?? Number(mean) - 2 * Number(stddev));
    const high = Number(b ?? Number(mean) + 2 * Number(stddev));
    return { className: 'trunc_normal_', config: { mean, std: stddev, a: low, b: high } };
  },
  trap: (written, semantics) => zeroTrap(written, { stddev: 0.05 }, semantics),
};
