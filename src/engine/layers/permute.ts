import * as tf from '@tensorflow/tfjs-core';
import type { PermuteConfig } from '../../model/layers/permute.ts';
import type { Forward } from './forward.ts';

/** Axes in another order. */
export const permute: Forward<PermuteConfig> = (call) =>
  tf.transpose(call.inputs[0]!, [0, ...call.config.dims]);
