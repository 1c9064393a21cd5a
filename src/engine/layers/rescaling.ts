import * as tf from '@tensorflow/tfjs-core';
import type { RescalingConfig } from '../../model/layers/rescaling.ts';
import type { Forward } from './forward.ts';

const constant = (value: number | readonly number[]): tf.Tensor =>
  typeof value === 'number' ? tf.scalar(value) : tf.tensor1d([...value]);

/** x · scale + offset. */
export const rescaling: Forward<RescalingConfig> = (call) =>
  tf.add(tf.mul(call.inputs[0]!, constant(call.config.scale)), constant(call.config.offset));
