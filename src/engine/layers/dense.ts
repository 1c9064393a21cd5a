import * as tf from '@tensorflow/tfjs-core';
import type { DenseConfig } from '../../model/layers/dense.ts';
import type { Forward } from './forward.ts';

/** x (…, in) times kernel (in, out) over the last axis, as one matrix product. */
export function timesMatrix(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  if (x.rank === 2) return tf.matMul(x, kernel);
  const rows = tf.reshape(x, [-1, kernel.shape[0]!]);
  return tf.reshape(tf.matMul(rows, kernel), [...x.shape.slice(0, -1), kernel.shape[1]!]);
}

/** Dense over the last axis. */
export const dense: Forward<DenseConfig> = (call) =>
  call.finish(timesMatrix(call.inputs[0]!, call.weight('kernel')), { bias: call.optional('bias') });
