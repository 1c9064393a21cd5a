import { type ConvConfig, convolved, convolvedOutputs, readFilters, readWindow } from './conv.ts';
import { declareWeight, onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { spatialRank, splitShape } from './spatial.ts';

export type SeparableConfig = Omit<ConvConfig, 'groups'> & { readonly depthMultiplier: number };

/** Separable convolution of rank 1 or 2: depthwise kernel (k…, in, multiplier), then pointwise (1…, in · multiplier, filters). */
export const separable: LayerKind<SeparableConfig> = {
  id: 'separable',
  classes: ['SeparableConv1D', 'SeparableConv2D', 'SeparableConvolution1D', 'SeparableConvolution2D'],
  signal: 'weighted',
  parse: (raw) => ({
    config: {
      ...readWindow(raw, spatialRank(raw.className)),
      filters: raw.size(['filters', 'nb_filter']),
      depthMultiplier: raw.size(['depth_multiplier'], 1),
    },
    ...readFilters(raw, {
      depthwise_kernel: ['depthwise_initializer', 'init'],
      pointwise_kernel: ['pointwise_initializer', 'init'],
    }),
  }),
  outputs: (config, inputs) => convolvedOutputs(config, inputs, () => config.filters),
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const { channels } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
    const field = product(config.kernelSize);
    const wide = channels * config.depthMultiplier;
    const depthwise = {
      name: 'depthwise_kernel',
      part: 'kernel',
      shape: [...config.kernelSize, channels, config.depthMultiplier],
      effective: [field, (field * config.depthMultiplier) / product(config.strides)],
      unitAxis: -2,
      key: 'depthwise_initializer',
    } as const;
    const pointwise = {
      name: 'pointwise_kernel',
      part: 'kernel',
      shape: [...config.kernelSize.map(() => 1), wide, config.filters],
      effective: [wide, config.filters],
      key: 'pointwise_initializer',
    } as const;
    const bias = { name: 'bias', part: 'bias', shape: [config.filters] } as const;
    const plans = config.useBias ? [depthwise, pointwise, bias] : [depthwise, pointwise];
    return plans.map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => {
    const { spatial, channels } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
    const wide = channels * config.depthMultiplier;
    return product(convolved(config, spatial)) * wide * (product(config.kernelSize) + config.filters);
  },
};
