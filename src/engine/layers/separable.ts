import type { SeparableConfig } from '../../model/layers/separable.ts';
import { convolveDepthwise } from './depthwise.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast, convolve, perChannel } from './spatial.ts';

/** Depthwise, then pointwise convolution; what is tapped is the result of both. */
export const separable: Forward<SeparableConfig> = (call) => {
  const { dataFormat, rank } = call.config;
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const deep = convolveDepthwise(x, call.weight('depthwise_kernel'), call.config);
  const ones = call.config.strides.map(() => 1);
  const point = { strides: ones, padding: 'valid', dilation: ones } as const;
  const z = asFormat(convolve(deep, call.weight('pointwise_kernel'), point), dataFormat);
  return call.finish(z, { bias: perChannel(call.optional('bias'), dataFormat, rank + 2) });
};
