import { InputError } from '../problem.ts';
import { formatShape } from '../shape.ts';
import { knownSize, onlyInput, positiveAxis } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type ConcatenateConfig = { readonly axis: number };

/** Inputs joined along one axis. */
export const concatenate: LayerKind<ConcatenateConfig> = {
  id: 'concatenate',
  classes: ['Concatenate'],
  signal: 'shape',
  parse: (raw) => ({ config: { axis: raw.number(['axis', 'concat_axis'], -1) }, initializers: {} }),
  outputs: (config, inputs) => {
    const first = onlyInput(inputs, undefined, 2);
    const axis = positiveAxis(config.axis, first.length);
    for (const shape of inputs) {
      const fits = shape.length === first.length && shape.every((size, i) => i === axis || size === first[i]);
      if (!fits)
        throw new InputError({
          message: 'The inputs cannot be joined: they differ outside of the joined axis.',
          found: inputs.map(formatShape).join(' and '),
          expected: `equal sizes but for axis ${config.axis}`,
        });
    }
    const joined = inputs.reduce((sum, shape) => sum + knownSize(shape, axis), 0);
    return [first.map((size, i) => (i === axis ? joined : size))];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
