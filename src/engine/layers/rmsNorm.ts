import * as tf from '@tensorflow/tfjs-core';
import type { RmsNormConfig } from '../../model/layers/rmsNorm.ts';
import type { Forward } from './forward.ts';
import { overAxes, positiveAxes } from './layerNorm.ts';

/** Division by the root mean square over some axes. */
export const rmsNorm: Forward<RmsNormConfig> = (call) => {
  const x = call.inputs[0]!;
  const axes = positiveAxes(call.config.axes, x.rank);
  const square = tf.mean(tf.square(x), axes, true);
  const y = tf.mul(x, tf.rsqrt(tf.add(square, call.config.epsilon)));
  return call.config.scaled ? tf.mul(y, overAxes(call.weight('scale'), axes, x.rank)) : y;
};
