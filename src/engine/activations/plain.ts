import * as tf from '@tensorflow/tfjs-core';
import { detach } from '../sharedIdentity.ts';
import type { ActivationForward } from './activate.ts';

/** The axis parameter as an index from the front. */
function axisOf(z: tf.Tensor, axis = -1): number {
  return axis < 0 ? z.rank + axis : axis;
}

/** Runs `apply` with the axis moved to the end, where tfjs's softmax wants it. */
function onLastAxis(z: tf.Tensor, axis: number | undefined, apply: (z: tf.Tensor) => tf.Tensor): tf.Tensor {
  const at = axisOf(z, axis);
  if (at === z.rank - 1) return apply(z);
  const order = Array.from({ length: z.rank }, (_, i) => i);
  [order[at], order[z.rank - 1]] = [z.rank - 1, at];
  return tf.transpose(apply(tf.transpose(z, order)), order);
}

/**
 * Sparsemax (Martins and Astudillo 2016): the projection onto the simplex, max(z − τ, 0) with the threshold τ of the sorted values. τ is a
 * mean over the support, so that the gradient comes out of autodiff once the support is held fixed.
 */
function sparsemax(z: tf.Tensor): tf.Tensor {
  const size = z.shape.at(-1)!;
  const support = tf.tidy(() => {
    const held = detach(z);
    const sorted = tf.topk(held, size, true).values;
    const ranks = tf.range(1, size + 1);
    const enough = tf.greater(tf.add(1, tf.mul(ranks, sorted)), tf.cumsum(sorted, z.rank - 1));
    const count = tf.sum(tf.cast(enough, 'float32'), -1, true);
    const total = tf.sum(tf.mul(sorted, tf.cast(enough, 'float32')), -1, true);
    const threshold = tf.div(tf.sub(total, 1), count);
    return tf.cast(tf.greater(held, threshold), 'float32');
  });
  const count = tf.sum(support, -1, true);
  const threshold = tf.div(tf.sub(tf.sum(tf.mul(z, support), -1, true), 1), count);
  return tf.mul(support, tf.sub(z, threshold));
}

/** The identity, unbounded odd ones and those over an axis. */
export const PLAIN: Readonly<Record<string, ActivationForward>> = {
  linear: (z) => z,
  sin: (z) => tf.sin(z),
  cos: (z) => tf.cos(z),
  abs: (z) => tf.abs(z),
  square: (z) => tf.square(z),
  tanh_shrink: (z) => tf.sub(z, tf.tanh(z)),
  log_sigmoid: (z) => tf.neg(tf.softplus(tf.neg(z))),
  exponential: (z) => tf.exp(z),
  softmax: (z, { axis }) => onLastAxis(z, axis, (last) => tf.softmax(last)),
  log_softmax: (z, { axis }) => onLastAxis(z, axis, (last) => tf.logSoftmax(last)),
  sparsemax: (z, { axis }) => onLastAxis(z, axis, sparsemax),
  glu: (z, { axis }) => {
    const [value, gate] = tf.split(z, 2, axisOf(z, axis)) as [tf.Tensor, tf.Tensor];
    return tf.mul(value, tf.sigmoid(gate));
  },
};
