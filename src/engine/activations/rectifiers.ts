import * as tf from '@tensorflow/tfjs-core';
import { detach } from '../sharedIdentity.ts';
import type { ActivationForward } from './activate.ts';

/** z where the condition on `of` holds and 0 elsewhere; the condition has no gradient. */
function where(of: tf.Tensor, condition: (of: tf.Tensor) => tf.Tensor, z: tf.Tensor): tf.Tensor {
  return tf.mul(z, tf.cast(condition(detach(of)), 'float32'));
}

/** Piecewise linear activations that cut or damp the negative side. */
export const RECTIFIERS: Readonly<Record<string, ActivationForward>> = {
  relu: (z) => tf.relu(z),
  relu6: (z) => tf.relu6(z),
  leaky_relu: (z, { negative_slope = 0.2 }) => tf.leakyRelu(z, negative_slope),
  prelu: (z, { negative_slope = 0 }) => tf.leakyRelu(z, negative_slope),
  clipped_relu: (z, { negative_slope = 0, max_value = Infinity, threshold = 0 }) => {
    const passing = where(z, (at) => tf.greaterEqual(at, threshold), z);
    const capped = max_value < 1e30 ? tf.minimum(passing, max_value) : passing;
    if (negative_slope === 0) return capped;
    const below = where(z, (at) => tf.less(at, threshold), tf.sub(z, threshold));
    return tf.add(capped, tf.mul(negative_slope, below));
  },
  threshold: (z, { threshold = 1, default_value = 0 }) => {
    const kept = where(z, (at) => tf.greater(at, threshold), z);
    if (default_value === 0) return kept;
    return tf.add(kept, tf.mul(default_value, tf.cast(tf.lessEqual(detach(z), threshold), 'float32')));
  },
  sparse_plus: (z) =>
    tf.add(
      where(z, (at) => tf.greaterEqual(at, 1), z),
      where(z, (at) => tf.less(tf.abs(at), 1), tf.mul(0.25, tf.square(tf.add(z, 1)))),
    ),
  hard_shrink: (z, { threshold = 0.5 }) => where(z, (at) => tf.greater(tf.abs(at), threshold), z),
  soft_shrink: (z, { threshold = 0.5 }) =>
    tf.sub(tf.relu(tf.sub(z, threshold)), tf.relu(tf.neg(tf.add(z, threshold)))),
};
