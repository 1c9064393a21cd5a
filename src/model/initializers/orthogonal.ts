import type { InitializerKind } from './initializer.ts';
import { numberParameter } from './parameter.ts';

/**
 * A random orthogonal matrix times `gain`, flattened to (all axes but the last) × last. PyTorch flattens the other way round
 * (first × rest): there the law's gain is the one that gives the same variance.
 */
export const orthogonal: InitializerKind = {
  id: 'orthogonal',
  names: ['Orthogonal', 'orthogonal', 'orthogonal_'],
  params: (written) => ({ gain: numberParameter(written, ['gain', 'scale'], 1) }),
  law: (params, { shape }, semantics) => {
    const gain = Number(params['gain']);
    if (semantics !== 'pytorch' || shape.length < 3) return { kind: 'orthogonal', gain };
    const size = shape.reduce((a, b) => a * b, 1);
    const [first = 1] = shape;
    const last = shape.at(-1) ?? 1;
    const ours = Math.max(size / last, last);
    return { kind: 'orthogonal', gain: gain * Math.sqrt(ours / Math.max(first, size / first)) };
  },
  serialize: ({ gain = 1 }, target) =>
    target === 'pytorch'
      ? { className: 'orthogonal_', config: gain === 1 ? {} : { gain } }
      : { className: 'Orthogonal', config: { gain } },
};
