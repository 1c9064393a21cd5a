import * as tf from '@tensorflow/tfjs-core';
import type { DepthwiseConfig } from '../../model/layers/depthwise.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast, perChannel, range, type Window } from './spatial.ts';

/** Depthwise convolution of rank 1 or 2, channels last: kernel (k…, in, multiplier), output channel = in · multiplier + m. */
export function convolveDepthwise(x: tf.Tensor, kernel: tf.Tensor, window: Window): tf.Tensor {
  if (window.padding === 'causal') {
    const before = (kernel.shape[0]! - 1) * window.dilation[0]!;
    const rest = range(2, x.rank).map((): [number, number] => [0, 0]);
    const padded = tf.pad(x, [[0, 0], [before, 0], ...rest]);
    return convolveDepthwise(padded, kernel, { ...window, padding: 'valid' });
  }
  if (kernel.rank === 3) {
    const flat = {
      ...window,
      strides: [window.strides[0]!, window.strides[0]!],
      dilation: [1, window.dilation[0]!],
    };
    const wide = convolveDepthwise(tf.expandDims(x, 1), tf.expandDims(kernel, 0), flat);
    return tf.squeeze(wide, [1]);
  }
  const strides = window.strides as [number, number];
  const dilation = window.dilation as [number, number];
  return tf.depthwiseConv2d(
    x as tf.Tensor4D,
    kernel as tf.Tensor4D,
    strides,
    window.padding,
    'NHWC',
    dilation,
  );
}

/** Depthwise convolution. */
export const depthwise: Forward<DepthwiseConfig> = (call) => {
  const { dataFormat, rank } = call.config;
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const z = asFormat(convolveDepthwise(x, call.weight('depthwise_kernel'), call.config), dataFormat);
  return call.finish(z, { bias: perChannel(call.optional('bias'), dataFormat, rank + 2) });
};
