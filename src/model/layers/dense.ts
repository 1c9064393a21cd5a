import { countedSize } from '../shape.ts';
import { declareWeight, defaultKernel, knownSize, onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type DenseConfig = { readonly units: number; readonly useBias: boolean };

/** Dense over the last axis: kernel (in, units). */
export const dense: LayerKind<DenseConfig> = {
  id: 'dense',
  classes: ['Dense', 'TimeDistributedDense'],
  signal: 'weighted',
  parse: (raw) => {
    const activation = raw.activation(['activation']);
    return {
      config: {
        units: raw.size(['units', 'output_dim']),
        useBias: raw.boolean(['use_bias', 'bias'], true),
      },
      ...(activation === undefined ? {} : { activation }),
      initializers: {
        kernel: raw.initializer(['kernel_initializer', 'init'], defaultKernel(raw.semantics)),
        bias: raw.initializer(['bias_initializer'], 'zeros'),
      },
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, undefined, 2);
    return [[...input.slice(0, -1), config.units]];
  },
  weights: (parsed, inputs, semantics) => {
    const { units, useBias } = parsed.config;
    const size = knownSize(onlyInput(inputs, undefined, 2), -1);
    const kernel = {
      name: 'kernel',
      part: 'kernel',
      shape: [size, units],
      effective: [size, units],
    } as const;
    const bias = { name: 'bias', part: 'bias', shape: [units] } as const;
    return (useBias ? [kernel, bias] : [kernel]).map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => countedSize(onlyInput(inputs)) * config.units,
};
