import * as tf from '@tensorflow/tfjs-core';
import type { PaddingConfig } from '../../model/layers/padding.ts';
import type { Forward } from './forward.ts';

/** Zeros around the positions. */
export const padding: Forward<PaddingConfig> = (call) => {
  const pairs = call.config.padding.map(([before, after]): [number, number] => [before, after]);
  const none: [number, number] = [0, 0];
  const first = call.config.dataFormat === 'channelsFirst';
  return tf.pad(call.inputs[0]!, first ? [none, none, ...pairs] : [none, ...pairs, none]);
};
