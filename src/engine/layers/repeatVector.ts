import * as tf from '@tensorflow/tfjs-core';
import type { RepeatVectorConfig } from '../../model/layers/repeatVector.ts';
import type { Forward } from './forward.ts';
import { repeat } from './upSampling.ts';

/** A vector repeated along a new axis. */
export const repeatVector: Forward<RepeatVectorConfig> = (call) =>
  repeat(tf.expandDims(call.inputs[0]!, 1), 1, call.config.n);
