import * as tf from '@tensorflow/tfjs-core';
import type { FlattenConfig } from '../../model/layers/flatten.ts';
import type { Forward } from './forward.ts';
import { channelsLast } from './spatial.ts';

/** All axes but the batch into one, channels last first. */
export const flatten: Forward<FlattenConfig> = (call) => {
  const x = channelsLast(call.inputs[0]!, call.config.dataFormat);
  return tf.reshape(x, [x.shape[0]!, x.size / x.shape[0]!]);
};
