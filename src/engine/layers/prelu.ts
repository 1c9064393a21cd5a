import * as tf from '@tensorflow/tfjs-core';
import type { PreluConfig } from '../../model/layers/prelu.ts';
import type { Forward } from './forward.ts';

/** max(0, z) + alpha · min(0, z). */
export const prelu: Forward<PreluConfig> = (call) => {
  const x = call.inputs[0]!;
  const negative = tf.neg(tf.relu(tf.neg(x)));
  return tf.add(tf.relu(x), tf.mul(tf.expandDims(call.weight('alpha'), 0), negative));
};
