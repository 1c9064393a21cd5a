import * as tf from '@tensorflow/tfjs-core';
import type { AdaptivePoolingConfig } from '../../model/layers/adaptivePooling.ts';
import type { Forward } from './forward.ts';
import { range } from './spatial.ts';

/** One axis brought to `size` places: place i takes the window from ⌊i·n/size⌋ up to ⌈(i + 1)·n/size⌉. Windows are boxes, so axes go one by one. */
function pooled(x: tf.Tensor, axis: number, size: number, op: 'max' | 'average'): tf.Tensor {
  const length = x.shape[axis]!;
  if (length === size) return x;
  const windows = range(0, size).map((i) => {
    const start = Math.floor((i * length) / size);
    const end = Math.ceil(((i + 1) * length) / size);
    const begin = x.shape.map((_, at) => (at === axis ? start : 0));
    const taken = x.shape.map((whole, at) => (at === axis ? end - start : whole));
    const window = tf.slice(x, begin, taken);
    return op === 'max' ? tf.max(window, axis, true) : tf.mean(window, axis, true);
  });
  return windows.length === 1 ? windows[0]! : tf.concat(windows, axis);
}

/** Adaptive max and average pooling of rank 1 to 3. */
export const adaptivePooling: Forward<AdaptivePoolingConfig> = (call) => {
  const { op, outputSize, dataFormat } = call.config;
  const first = dataFormat === 'channelsFirst' ? 2 : 1;
  return outputSize.reduce((x, size, i) => pooled(x, first + i, size, op), call.inputs[0]!);
};
