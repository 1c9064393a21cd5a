import * as tf from '@tensorflow/tfjs-core';
import type { ReshapeConfig } from '../../model/layers/reshape.ts';
import type { Forward } from './forward.ts';

/** The same values in another shape. */
export const reshape: Forward<ReshapeConfig> = (call) => {
  const x = call.inputs[0]!;
  return tf.reshape(x, [x.shape[0]!, ...call.config.targetShape]);
};
