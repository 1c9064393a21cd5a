import * as tf from '@tensorflow/tfjs-core';
import { range } from './spatial.ts';

/** The tensor with two axes exchanged. */
export function swapped(x: tf.Tensor, [a, b]: readonly number[]): tf.Tensor {
  if (a === b) return x;
  const order = range(0, x.rank);
  [order[a!], order[b!]] = [b!, a!];
  return tf.transpose(x, order);
}

/** What `make` does along the last axis, along this one. */
export function alongLast(x: tf.Tensor, axis: number, make: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const ends = [axis, x.rank - 1];
  return swapped(make(swapped(x, ends)), ends);
}
