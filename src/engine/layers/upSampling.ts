import * as tf from '@tensorflow/tfjs-core';
import type { UpSamplingConfig } from '../../model/layers/upSampling.ts';
import type { Forward } from './forward.ts';
import { resizeAxis } from './interpolate.ts';

/** Every position of an axis n times in a row. */
export function repeat(x: tf.Tensor, axis: number, n: number): tf.Tensor {
  if (n === 1) return x;
  const copies = tf.stack(new Array<tf.Tensor>(n).fill(x), axis + 1);
  return tf.reshape(
    copies,
    x.shape.map((size, i) => (i === axis ? size * n : size)),
  );
}

/** Positions repeated or interpolated. */
export const upSampling: Forward<UpSamplingConfig> = (call) => {
  const { size, interpolation, dataFormat } = call.config;
  const first = dataFormat === 'channelsFirst' ? 2 : 1;
  return size.reduce<tf.Tensor>((x, factor, i) => {
    const axis = first + i;
    if (interpolation === 'nearest') return repeat(x, axis, factor);
    return resizeAxis(x, axis, x.shape[axis]! * factor, interpolation);
  }, call.inputs[0]!);
};
