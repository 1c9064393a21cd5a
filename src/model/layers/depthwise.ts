import { type ConvConfig, convolved, convolvedOutputs, readFilters, readWindow } from './conv.ts';
import { declareWeight, onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { spatialRank, splitShape } from './spatial.ts';

export type DepthwiseConfig = Omit<ConvConfig, 'filters' | 'groups'> & { readonly depthMultiplier: number };

/**
 * Depthwise convolution of rank 1 or 2: kernel (k…, in, multiplier). The frameworks take the fan-in k^d · in, where the signal
 * sees k^d (theory.md §3.8). The weight is `depthwise_kernel` in Keras 2 and TF.js, `kernel` in Keras 3; here `depthwise_kernel`.
 */
export const depthwise: LayerKind<DepthwiseConfig> = {
  id: 'depthwise',
  classes: ['DepthwiseConv1D', 'DepthwiseConv2D'],
  signal: 'weighted',
  parse: (raw) => ({
    config: {
      ...readWindow(raw, spatialRank(raw.className)),
      depthMultiplier: raw.size(['depth_multiplier'], 1),
    },
    ...readFilters(raw, { depthwise_kernel: ['depthwise_initializer', 'kernel_initializer', 'init'] }),
  }),
  outputs: (config, inputs) =>
    convolvedOutputs(config, inputs, (channels) => channels * config.depthMultiplier),
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const { channels } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
    const field = product(config.kernelSize);
    const kernel = {
      name: 'depthwise_kernel',
      part: 'kernel',
      shape: [...config.kernelSize, channels, config.depthMultiplier],
      effective: [field, (field * config.depthMultiplier) / product(config.strides)],
      unitAxis: -2,
      key: 'depthwise_initializer',
    } as const;
    const bias = { name: 'bias', part: 'bias', shape: [channels * config.depthMultiplier] } as const;
    return (config.useBias ? [kernel, bias] : [kernel]).map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => {
    const { spatial, channels } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
    return (
      product(convolved(config, spatial)) * product(config.kernelSize) * channels * config.depthMultiplier
    );
  },
};
