import type { InitializerKind } from './initializer.ts';
import { defaultedParameter, zeroTrap } from './parameter.ts';

const stddevOf = (semantics: string): number => (semantics === 'pytorch' ? 1 : 0.05);

/** A normal distribution of fixed size whatever the fan-in; TF.js takes `stddev: 0` for 0.05. */
export const randomNormal: InitializerKind = {
  id: 'randomNormal',
  names: ['RandomNormal', 'random_normal', 'normal', 'normal_', 'gaussian'],
  params: (written, semantics) => ({
    mean: defaultedParameter(written, ['mean', 'loc'], 0, semantics),
    stddev: defaultedParameter(written, ['stddev', 'std', 'scale'], stddevOf(semantics), semantics),
  }),
  law: (params) => ({ kind: 'normal', mean: Number(params['mean']), stddev: Number(params['stddev']) }),
  serialize: ({ mean = 0, stddev = 0.05 }, target) => {
    if (target === 'pytorch') return { className: 'normal_', config: { mean, std: stddev } };
    if (target === 'tfjs' && stddev === 0) return { className: 'Constant', config: { value: mean } };
    return { className: 'RandomNormal', config: { mean, stddev } };
  },
  trap: (written, semantics) => zeroTrap(written, { stddev: 0.05 }, semantics),
};
