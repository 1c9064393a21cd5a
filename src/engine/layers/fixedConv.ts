import * as tf from '@tensorflow/tfjs-core';
import type { FixedConvConfig } from '../../model/layers/fixedConv.ts';
import { convolveDepthwise } from './depthwise.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast, convolve } from './spatial.ts';

/** Convolution by a kernel that the file writes out. */
export const fixedConv: Forward<FixedConvConfig> = (call) => {
  const { kernel, depthwise, dataFormat } = call.config;
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const filter = tf.tensor([...kernel.values], [...kernel.shape], 'float32');
  const made = depthwise
    ? convolveDepthwise(x, filter, call.config)
    : convolve(x, filter, call.config, x.shape.at(-1)! / filter.shape.at(-2)!);
  return asFormat(made, dataFormat);
};
