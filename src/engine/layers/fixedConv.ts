import * as tf from '@tensorflow/tfjs-core';
import type { FixedConvConfig } from '../../model/layers/fixedConv.ts';
import type { WrittenArray } from '../../model/layers/writtenArray.ts';
import { convolveDepthwise } from './depthwise.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast, convolve } from './spatial.ts';

const tensorOf = ({ values, shape }: WrittenArray): tf.Tensor =>
  tf.tensor([...values], [...shape], 'float32');

function convolved(x: tf.Tensor, config: FixedConvConfig): tf.Tensor {
  const kernel = tensorOf(config.kernel);
  if (config.way === 'plain') return convolve(x, kernel, config, x.shape.at(-1)! / kernel.shape.at(-2)!);
  const deep = convolveDepthwise(x, kernel, config);
  if (config.pointwise === null) return deep;
  const ones = config.strides.map(() => 1);
  return convolve(deep, tensorOf(config.pointwise), { strides: ones, padding: 'valid', dilation: ones });
}

/** Convolution by a kernel that the file writes out. */
export const fixedConv: Forward<FixedConvConfig> = (call) => {
  const { dataFormat } = call.config;
  return asFormat(convolved(channelsLast(call.inputs[0]!, dataFormat), call.config), dataFormat);
};
