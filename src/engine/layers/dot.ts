import * as tf from '@tensorflow/tfjs-core';
import { dotAxes, type DotConfig } from '../../model/layers/dot.ts';
import { einsum } from './einsum.ts';
import type { Forward } from './forward.ts';

const LEFT = 'bcdefgh';
const RIGHT = 'tuvwxyz';

/** The tensor with unit vectors along an axis. */
function unit(x: tf.Tensor, axis: number): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), axis, true), 1e-12)));
}

/** Products of two inputs summed over one axis of each. */
export const dot: Forward<DotConfig> = (call) => {
  const [a, b] = call.inputs as [tf.Tensor, tf.Tensor];
  const [i, j] = dotAxes(call.config, a.shape, b.shape);
  const letter = (names: string, axis: number, summed: number) =>
    axis === 0 ? 'a' : axis === summed ? 's' : names[axis - 1]!;
  const left = a.shape.map((_size, axis) => letter(LEFT, axis, i)).join('');
  const right = b.shape.map((_size, axis) => letter(RIGHT, axis, j)).join('');
  const out = `a${(left + right).replace(/[as]/g, '')}`;
  const { normalize } = call.config;
  const made = einsum(`${left},${right}->${out}`, normalize ? unit(a, i) : a, normalize ? unit(b, j) : b);
  return made.rank === 1 ? tf.expandDims(made, 1) : made;
};
