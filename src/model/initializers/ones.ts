import type { InitializerKind } from './initializer.ts';

/** All ones. */
export const ones: InitializerKind = {
  id: 'ones',
  names: ['Ones', 'ones', 'one', 'ones_'],
  params: () => ({}),
  law: () => ({ kind: 'constant', value: 1 }),
  serialize: (_params, target) => ({ className: target === 'pytorch' ? 'ones_' : 'Ones', config: {} }),
};
