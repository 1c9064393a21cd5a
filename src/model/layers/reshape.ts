import { InputError } from '../problem.ts';
import { formatShape } from '../shape.ts';
import { knownSize, onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type ReshapeConfig = {
  /** Without the batch; one size may be −1 (whatever is left). */
  readonly targetShape: readonly number[];
};

/** The same values in another shape. */
export const reshape: LayerKind<ReshapeConfig> = {
  id: 'reshape',
  classes: ['Reshape'],
  signal: 'shape',
  parse: (raw) => {
    const target: unknown = raw.raw('target_shape', 'dims');
    if (!Array.isArray(target) || !target.every((size) => size === null || Number.isInteger(size)))
      throw new InputError({ message: 'The target shape is not usable.', found: JSON.stringify(target) });
    return { config: { targetShape: target.map((size: number | null) => size ?? -1) }, initializers: {} };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs);
    const size = product(input.slice(1).map((_size, i) => knownSize(input, i + 1)));
    const fixed = product(config.targetShape.filter((value) => value !== -1));
    const open = config.targetShape.filter((value) => value === -1).length;
    const fits = open === 0 ? fixed === size : open === 1 && fixed > 0 && size % fixed === 0;
    if (!fits)
      throw new InputError({
        message: 'The input cannot be put into the target shape.',
        found: `${formatShape(input)} into (${config.targetShape.join(', ')})`,
        expected: 'equally many values',
      });
    return [[input[0] ?? null, ...config.targetShape.map((value) => (value === -1 ? size / fixed : value))]];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
