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

/** `normalize` of all of x by the statistics of those steps that the mask [batch, steps] counts; x [batch, steps, channels]. */
function normalizeMasked(x: tf.Tensor, mask: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const counted = tf.mul(tf.expandDims(mask, 2), tf.onesLike(x));
  const size = tf.sum(counted, axes, true);
  const mean = (of: tf.Tensor): tf.Tensor => tf.div(tf.sum(tf.mul(of, counted), axes, true), size);
  const centred = tf.sub(x, mean(x));
  return tf.mul(centred, tf.rsqrt(tf.add(mean(tf.square(centred)), epsilon)));
}

/**
 * Batch normalization by the statistics of this batch, as in training. Keras leaves the steps of a sequence that are masked out of them;
 * TF.js and the fused form of Keras 2 (images) do not.
 */
export const batchNorm: Forward<BatchNormConfig> = (call) => {
  const x = call.inputs[0]!;
  const { rank } = x;
  const axis = call.config.axis < 0 ? call.config.axis + rank : call.config.axis;
  const { epsilon } = call.config;
  const gamma = call.optional('gamma');
  const beta = call.optional('beta');
  const mask = call.semantics === 'tfjs' || rank !== 3 ? undefined : call.mask();
  if (mask === undefined && ownKernels() && axis === rank - 1 && gamma !== undefined && beta !== undefined)
    return batchNormTrain(x, gamma, beta, epsilon);
  const axes = range(0, rank).filter((i) => i !== axis);
  let y = mask === undefined ? normalize(x, axes, epsilon) : normalizeMasked(x, mask, axes, epsilon);
  if (gamma !== undefined) y = tf.mul(y, alongAxis(gamma, axis, rank));
  return beta === undefined ? y : plus(y, alongAxis(beta, axis, rank));
};
