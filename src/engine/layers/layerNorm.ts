import * as tf from '@tensorflow/tfjs-core';
import type { LayerNormConfig } from '../../model/layers/layerNorm.ts';
import { layerNormTrain } from '../kernels/normalize.ts';
import { plus } from '../plus.ts';
import { normalize } from './batchNorm.ts';
import type { Forward } from './forward.ts';
import { ownKernels, range } from './spatial.ts';

/** Axes counted from the start. */
export function positiveAxes(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** A weight over some axes, shaped to broadcast over a tensor of this rank. */
export function overAxes(weight: tf.Tensor, axes: readonly number[], rank: number): tf.Tensor {
  const shape = new Array<number>(rank).fill(1);
  axes.forEach((axis, i) => (shape[axis] = weight.shape[i]!));
  return tf.reshape(weight, shape);
}

/** Normalization of each sample over some axes. */
export const layerNorm: Forward<LayerNormConfig & { readonly rmsScaling: boolean }> = (call) => {
  const x = call.inputs[0]!;
  const { epsilon, rmsScaling } = call.config;
  const axes = positiveAxes(call.config.axes, x.rank);
  const gamma = call.optional('gamma');
  const beta = call.optional('beta');
  const scaled = (y: tf.Tensor) => (gamma === undefined ? y : tf.mul(y, overAxes(gamma, axes, x.rank)));
  if (rmsScaling) {
    const variance = tf.moments(x, axes, true).variance;
    return scaled(tf.mul(x, tf.rsqrt(tf.add(variance, epsilon))));
  }
  const trailing = range(x.rank - axes.length, x.rank).every((axis, i) => axes[i] === axis);
  if (ownKernels() && trailing && gamma !== undefined && beta !== undefined)
    return layerNormTrain(x, gamma, beta, epsilon);
  const y = scaled(normalize(x, axes, epsilon));
  return beta === undefined ? y : plus(y, overAxes(beta, axes, x.rank));
};
