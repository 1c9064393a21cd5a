import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormConfig } from '../../model/layers/batchNorm.ts';
import { batchNormTrain } from '../kernels/normalize.ts';
import { plus } from '../plus.ts';
import type { Forward } from './forward.ts';
import { ownKernels, range } from './spatial.ts';

/** A vector over one axis, shaped to broadcast over a tensor of this rank. */
export function alongAxis(vector: tf.Tensor, axis: number, rank: number): tf.Tensor {
  return tf.reshape(
    vector,
    range(0, rank).map((i) => (i === axis ? vector.size : 1)),
  );
}

/** (x − mean) / √(variance + ε) over the axes, in the way that autodiff takes with little memory. */
export function normalize(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
}

/** Batch normalization by the statistics of this batch, as in training. */
export const batchNorm: Forward<BatchNormConfig> = (call) => {
  const x = call.inputs[0]!;
  const { rank } = x;
  const axis = call.config.axis < 0 ? call.config.axis + rank : call.config.axis;
  const gamma = call.optional('gamma');
  const beta = call.optional('beta');
  if (ownKernels() && axis === rank - 1 && gamma !== undefined && beta !== undefined)
    return batchNormTrain(x, gamma, beta, call.config.epsilon);
  let y = normalize(
    x,
    range(0, rank).filter((i) => i !== axis),
    call.config.epsilon,
  );
  if (gamma !== undefined) y = tf.mul(y, alongAxis(gamma, axis, rank));
  return beta === undefined ? y : plus(y, alongAxis(beta, axis, rank));
};
