import * as tf from '@tensorflow/tfjs-core';
import type { MultiHeadAttentionConfig } from '../../model/layers/multiHeadAttention.ts';
import { plus } from '../plus.ts';
import { attendHeads } from './attend.ts';
import { timesMatrix } from './dense.ts';
import type { Forward, LayerCall } from './forward.ts';
import { range } from './spatial.ts';

/** A projection of the last axis into (heads, size): [batch, positions, heads · size], its bias added and the result tapped. */
export function project(call: LayerCall, name: string, x: tf.Tensor): tf.Tensor {
  const kernel = call.weight(`${name}/kernel`);
  const bias = call.optional(`${name}/bias`);
  const flat = timesMatrix(x, tf.reshape(kernel, [x.shape.at(-1)!, -1]));
  const sum = bias === undefined ? flat : plus(flat, tf.reshape(bias, [-1]));
  return call.tap('preActivation', sum, { name });
}

/** The output projection of attended heads [batch, positions, heads · size], tapped as the layer's pre-activation. */
export function projectOut(call: LayerCall, attended: tf.Tensor): tf.Tensor {
  const bias = call.optional('attention_output/bias');
  const kernel = tf.reshape(call.weight('attention_output/kernel'), [attended.shape.at(-1)!, -1]);
  const flat = bias === undefined ? undefined : tf.reshape(bias, [-1]);
  return call.finish(timesMatrix(attended, kernel), { bias: flat });
}

/** Axes attended over are brought together before the features, all others into the batch. */
function gather(x: tf.Tensor, axes: readonly number[]): { flat: tf.Tensor; order: number[] } {
  const others = range(1, x.rank - 1).filter((axis) => !axes.includes(axis));
  const order = [0, ...others, ...axes, x.rank - 1];
  const moved = tf.transpose(x, order);
  const positions = axes.reduce((size, axis) => size * x.shape[axis]!, 1);
  return { flat: tf.reshape(moved, [-1, positions, x.shape.at(-1)!]), order };
}

/** Multi-head attention over one or more axes. */
export const multiHeadAttention: Forward<MultiHeadAttentionConfig> = (typed) => {
  const call = typed as unknown as LayerCall;
  const { heads, useGate, attentionAxes, outputShape } = typed.config;
  const [query, value = query, key = value] = call.inputs as [tf.Tensor, tf.Tensor?, tf.Tensor?];
  const axes = (attentionAxes ?? range(1, query.rank - 1)).map((axis) =>
    axis < 0 ? axis + query.rank : axis,
  );
  const { flat, order } = gather(query, axes);
  const projections = {
    query: project(call, 'query', flat),
    key: project(call, 'key', gather(key!, axes).flat),
    value: project(call, 'value', gather(value!, axes).flat),
  };
  const attended = attendHeads(call, projections, heads);
  const gated = useGate ? tf.mul(attended, tf.sigmoid(project(call, 'gate', flat))) : attended;
  const out = projectOut(call, gated);
  const sizes = order.slice(0, -1).map((axis) => query.shape[axis]!);
  const wide = tf.reshape(out, [...sizes, out.shape.at(-1)!]);
  const back = [...order.slice(0, -1).map((_axis, i) => order.indexOf(i)), query.rank - 1];
  const placed = tf.transpose(wide, back);
  return outputShape === null || outputShape.length === 1
    ? placed
    : tf.reshape(placed, [...query.shape.slice(0, -1), ...outputShape]);
};
