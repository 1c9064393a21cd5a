import type { InitializerKind } from './initializer.ts';
import { numberParameter } from './parameter.ts';

/** PyTorch's `sparse_`: N(0, std²) with a share of zeros per column; the law keeps its variance, not its zeros. */
export const sparse: InitializerKind = {
  id: 'sparse',
  names: ['sparse_'],
  params: (written) => ({
    sparsity: numberParameter(written, ['sparsity'], 0),
    stddev: numberParameter(written, ['std'], 0.01),
  }),
  law: ({ sparsity = 0, stddev = 0.01 }) => ({
    kind: 'normal',
    mean: 0,
    stddev: Number(stddev) * Math.sqrt(1 - Number(sparsity)),
  }),
  serialize: ({ sparsity = 0, stddev = 0.01 }, target) =>
    target === 'pytorch' ? { className: 'sparse_', config: { sparsity, std: stddev } } : undefined,
};
