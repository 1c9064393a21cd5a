import type { InitializerKind } from './initializer.ts';

/** All zeros. */
export const zeros: InitializerKind = {
  id: 'zeros',
  names: ['Zeros', 'zeros', 'zero', 'zeros_'],
  params: () => ({}),
  law: () => ({ kind: 'constant', value: 0 }),
  serialize: (_params, target) => ({ className: target === 'pytorch' ? 'zeros_' : 'Zeros', config: {} }),
};
