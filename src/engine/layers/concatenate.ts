import * as tf from '@tensorflow/tfjs-core';
import type { ConcatenateConfig } from '../../model/layers/concatenate.ts';
import type { Forward } from './forward.ts';

/** Inputs joined along one axis. */
export const concatenate: Forward<ConcatenateConfig> = (call) => {
  const { axis } = call.config;
  return tf.concat([...call.inputs], axis < 0 ? call.inputs[0]!.rank + axis : axis);
};
