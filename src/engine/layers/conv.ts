import type { ConvConfig } from '../../model/layers/conv.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast, convolve, perChannel } from './spatial.ts';

/** Convolution of rank 1 to 3. */
export const conv: Forward<ConvConfig> = (call) => {
  const { dataFormat, groups, rank } = call.config;
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const z = asFormat(convolve(x, call.weight('kernel'), call.config, groups), dataFormat);
  return call.finish(z, { bias: perChannel(call.optional('bias'), dataFormat, rank + 2) });
};
