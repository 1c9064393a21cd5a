import * as tf from '@tensorflow/tfjs-core';
import type { UnitNormConfig } from '../../model/layers/unitNorm.ts';
import type { Forward } from './forward.ts';
import { positiveAxes } from './layerNorm.ts';

/** Keras's floor under the squared norm. */
const FLOOR = 1e-12;

/** Each sample divided by its Euclidean norm over some axes. */
export const unitNorm: Forward<UnitNormConfig> = (call) => {
  const x = call.inputs[0]!;
  const square = tf.sum(tf.square(x), positiveAxes(call.config.axes, x.rank), true);
  return tf.mul(x, tf.rsqrt(tf.maximum(square, FLOOR)));
};
