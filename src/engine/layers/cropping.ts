import * as tf from '@tensorflow/tfjs-core';
import type { CroppingConfig } from '../../model/layers/cropping.ts';
import type { Forward } from './forward.ts';

/** Positions cut from the borders. */
export const cropping: Forward<CroppingConfig> = (call) => {
  const x = call.inputs[0]!;
  const first = call.config.dataFormat === 'channelsFirst' ? 2 : 1;
  const cut = (axis: number) => call.config.cropping[axis - first] ?? [0, 0];
  const begin = x.shape.map((_size, axis) => cut(axis)[0]);
  const size = x.shape.map((length, axis) => length - cut(axis)[0] - cut(axis)[1]);
  return tf.slice(x, begin, size);
};
