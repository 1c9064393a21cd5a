import * as tf from '@tensorflow/tfjs-core';
import type { ActivationForward } from './activate.ts';

/** Activations with a flat part on both sides. */
export const SATURATING: Readonly<Record<string, ActivationForward>> = {
  tanh: (z) => tf.tanh(z),
  sigmoid: (z) => tf.sigmoid(z),
  hard_sigmoid: (z, { slope = 0.2 }) => tf.clipByValue(tf.add(tf.mul(slope, z), 0.5), 0, 1),
  sparse_sigmoid: (z) => tf.clipByValue(tf.mul(0.5, tf.add(z, 1)), 0, 1),
  hard_tanh: (z) => tf.clipByValue(z, -1, 1),
  softsign: (z) => tf.div(z, tf.add(1, tf.abs(z))),
  arctan: (z) => tf.atan(z),
};
