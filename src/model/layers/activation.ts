import { parseActivation } from '../activations/catalogue.ts';
import { UnknownPartError } from '../problem.ts';
import { countedSize } from '../shape.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type ActivationConfig = { readonly axis: number };

const CLASSES = [
  'ReLU',
  'LeakyReLU',
  'ELU',
  'ThresholdedReLU',
  'Softmax',
  'Softplus',
  'GELU',
  'SELU',
  'Swish',
  'SiLU',
];

/** A layer that is only an activation; which one stands in `activation`. `axis` is softmax's. */
export const activation: LayerKind<ActivationConfig> = {
  id: 'activation',
  classes: ['Activation', ...CLASSES],
  signal: 'activation',
  parse: (raw) => {
    if (raw.className === 'Activation') {
      const named = raw.activation(['activation']);
      return {
        config: { axis: -1 },
        ...(named === undefined ? {} : { activation: named }),
        initializers: {},
      };
    }
    const keys = ['alpha', 'negative_slope', 'max_value', 'threshold', 'theta', 'approximate'];
    const config: Record<string, unknown> = {};
    for (const key of keys) if (raw.has(key)) config[key] = raw.raw(key);
    const found = parseActivation({ class_name: raw.className, config }, raw.semantics);
    if (found === undefined)
      throw new UnknownPartError({ message: `Unknown activation layer ${raw.className}.` });
    const axis: unknown = raw.raw('axis');
    const only: unknown = Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis;
    return { config: { axis: typeof only === 'number' ? only : -1 }, activation: found, initializers: {} };
  },
  outputs: (_config, inputs) => [onlyInput(inputs)],
  weights: () => [],
  multiplyAdds: (_config, inputs) => countedSize(onlyInput(inputs)),
};
