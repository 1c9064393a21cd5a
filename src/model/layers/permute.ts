import { InputError } from '../problem.ts';
import { formatShape } from '../shape.ts';
import { onlyInput, wholeNumbers } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type PermuteConfig = {
  /** Axes in their new order, counted from 1 (0 is the batch). */
  readonly dims: readonly number[];
};

/** Axes in another order. */
export const permute: LayerKind<PermuteConfig> = {
  id: 'permute',
  classes: ['Permute'],
  signal: 'shape',
  parse: (raw) => {
    const dims = wholeNumbers(raw.raw('dims') ?? []);
    const sorted = [...dims].sort((a, b) => a - b);
    if (sorted.length === 0 || sorted.some((axis, i) => axis !== i + 1))
      throw new InputError({
        message: 'The dims are no order of the axes.',
        found: JSON.stringify(dims),
        expected: 'each axis once, from 1',
      });
    return { config: { dims }, initializers: {} };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs);
    if (input.length !== config.dims.length + 1)
      throw new InputError({
        message: 'The dims do not fit the input.',
        found: `${formatShape(input)}, dims (${config.dims.join(', ')})`,
      });
    return [[input[0] ?? null, ...config.dims.map((axis) => input[axis] ?? null)]];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
