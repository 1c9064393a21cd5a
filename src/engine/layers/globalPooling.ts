import * as tf from '@tensorflow/tfjs-core';
import type { GlobalPoolingConfig } from '../../model/layers/globalPooling.ts';
import type { Forward } from './forward.ts';
import { range } from './spatial.ts';

/** Max or mean over all positions; a mask leaves steps out of the mean, as Keras does for 1-D. */
export const globalPooling: Forward<GlobalPoolingConfig> = (call) => {
  const { op, rank, dataFormat, keepDims } = call.config;
  const x = call.inputs[0]!;
  const first = dataFormat === 'channelsFirst' ? 2 : 1;
  const axes = range(first, first + rank);
  const mask = call.mask();
  call.setMask(undefined);
  if (op === 'max') return tf.max(x, axes, keepDims);
  if (mask === undefined || rank !== 1) return tf.mean(x, axes, keepDims);
  const weights = tf.expandDims(mask, dataFormat === 'channelsFirst' ? 1 : 2);
  return tf.div(tf.sum(tf.mul(x, weights), axes, keepDims), tf.sum(weights, axes, keepDims));
};
