import * as tf from '@tensorflow/tfjs-core';
import type { DepthwiseConfig } from '../../model/layers/depthwise.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast, padCausally, perChannel, undilated, type Window } from './spatial.ts';

/** Depthwise convolution of rank 1 or 2, channels last: kernel (k…, in, multiplier), output channel = in · multiplier + m. */
export function convolveDepthwise(x: tf.Tensor, narrow: tf.Tensor, window: Window): tf.Tensor {
  const kernel = undilated(narrow, window.dilation);
  const causal = window.padding === 'causal';
  const input = causal ? padCausally(x, kernel.shape[0]!) : x;
  const padding = causal ? 'valid' : (window.padding as 'valid' | 'same');
  if (kernel.rank === 4) {
    const strides = window.strides as [number, number];
    return tf.depthwiseConv2d(input as tf.Tensor4D, kernel as tf.Tensor4D, strides, padding);
  }
  const wide = tf.expandDims(input, 1) as tf.Tensor4D;
  const filter = tf.expandDims(kernel, 0) as tf.Tensor4D;
  const stride = window.strides[0]!;
  if (padding === 'valid' || stride === 1)
    return tf.squeeze(tf.depthwiseConv2d(wide, filter, [stride, stride], padding), [1]);
  const reach = kernel.shape[0]!;
  const total = Math.max(0, (Math.ceil(x.shape[1]! / stride) - 1) * stride + reach - x.shape[1]!);
  const before = Math.floor(total / 2);
  const padded = tf.pad(wide, [
    [0, 0],
    [0, 0],
    [before, total - before],
    [0, 0],
  ]);
  return tf.squeeze(tf.depthwiseConv2d(padded, filter, [stride, stride], 'valid'), [1]);
}

/** Depthwise convolution. */
export const depthwise: Forward<DepthwiseConfig> = (call) => {
  const { dataFormat, rank } = call.config;
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const z = asFormat(convolveDepthwise(x, call.weight('depthwise_kernel'), call.config), dataFormat);
  return call.finish(z, { bias: perChannel(call.optional('bias'), dataFormat, rank + 2) });
};
