import { InputError } from '../problem.ts';
import type { InitializerKind } from './initializer.ts';
import { numberParameter } from './parameter.ts';

/** `gain` on the diagonal of a matrix (TF.js: square ones only); PyTorch's `dirac_` is the same at a kernel's centre. */
export const identity: InitializerKind = {
  id: 'identity',
  names: ['Identity', 'identity', 'IdentityInitializer', 'eye_', 'dirac_'],
  params: (written) => ({ gain: numberParameter(written, ['gain', 'scale'], 1) }),
  law: (params, { shape }, semantics) => {
    const square = shape[0] === shape[1];
    if (semantics !== 'pytorch' && (shape.length !== 2 || (semantics === 'tfjs' && !square)))
      throw new InputError({
        message: 'The identity initializer does not fit the weight.',
        found: `a weight of shape (${shape.join(', ')})`,
        expected: semantics === 'tfjs' ? 'a square matrix' : 'a matrix',
      });
    return { kind: 'identity', gain: Number(params['gain']) };
  },
  serialize: ({ gain = 1 }, target) =>
    target === 'pytorch' ? { className: 'eye_', config: {} } : { className: 'Identity', config: { gain } },
};
