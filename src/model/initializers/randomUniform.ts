import type { InitializerKind } from './initializer.ts';
import { defaultedParameter, zeroTrap } from './parameter.ts';

/** A uniform distribution of fixed size whatever the fan-in; TF.js takes `minval: 0` for −0.05 and `maxval: 0` for 0.05. */
export const randomUniform: InitializerKind = {
  id: 'randomUniform',
  names: ['RandomUniform', 'random_uniform', 'uniform', 'uniform_'],
  params: (written, semantics) => {
    const torch = semantics === 'pytorch';
    return {
      minval: defaultedParameter(written, ['minval', 'a', 'from'], torch ? 0 : -0.05, semantics),
      maxval: defaultedParameter(written, ['maxval', 'b', 'to'], torch ? 1 : 0.05, semantics),
    };
  },
  law: (params) => ({ kind: 'uniform', low: Number(params['minval']), high: Number(params['maxval']) }),
  serialize: ({ minval = -0.05, maxval = 0.05 }, target) => {
    if (target === 'pytorch') return { className: 'uniform_', config: { a: minval, b: maxval } };
    if (target === 'tfjs' && (minval === 0 || maxval === 0)) return undefined;
    return { className: 'RandomUniform', config: { minval, maxval } };
  },
  trap: (written, semantics) => zeroTrap(written, { minval: -0.05, maxval: 0.05 }, semantics),
};
