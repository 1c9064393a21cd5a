import * as tf from '@tensorflow/tfjs-core';
import type { MergeConfig } from '../../model/layers/merge.ts';
import { plus } from '../plus.ts';
import type { Forward } from './forward.ts';

const OPS: Readonly<Record<MergeConfig['op'], (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: plus,
  average: plus,
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
  maximum: (a, b) => tf.maximum(a, b),
  minimum: (a, b) => tf.minimum(a, b),
};

/** The tensor with sizes of 1 put behind the batch until it has this rank. */
export function ofRank(x: tf.Tensor, rank: number): tf.Tensor {
  if (x.rank === rank) return x;
  return tf.reshape(x, [x.shape[0]!, ...Array.from({ length: rank - x.rank }, () => 1), ...x.shape.slice(1)]);
}

/** Elementwise merges, broadcasting over trailing axes with the batch first. */
export const merge: Forward<MergeConfig> = (call) => {
  const rank = Math.max(...call.inputs.map((x) => x.rank));
  const [first, ...rest] = call.inputs.map((x) => ofRank(x, rank));
  const merged = rest.reduce<tf.Tensor>(OPS[call.config.op], first!);
  return call.config.op === 'average' ? tf.div(merged, call.inputs.length) : merged;
};
