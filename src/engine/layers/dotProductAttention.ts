import * as tf from '@tensorflow/tfjs-core';
import type { DotProductAttentionConfig } from '../../model/layers/dotProductAttention.ts';
import { attendHeads } from './attend.ts';
import type { Forward, LayerCall } from './forward.ts';

const together = (x: tf.Tensor): tf.Tensor =>
  tf.reshape(x, [x.shape[0]!, x.shape[1]!, x.shape[2]! * x.shape[3]!]);

/** Attention over heads that stand in an axis of their own. */
export const dotProductAttention: Forward<DotProductAttentionConfig> = (typed) => {
  const call = typed as unknown as LayerCall;
  const { scale, causal } = typed.config;
  const [query, key, value] = call.inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
  const [batch, positions, heads, size] = query.shape as [number, number, number, number];
  const scaled = scale === null ? query : tf.mul(query, scale * Math.sqrt(size));
  const attended = attendHeads(
    { ...call, kwargs: { ...call.kwargs, use_causal_mask: causal } },
    { query: together(scaled), key: together(key), value: together(value) },
    heads,
    key.shape[2],
  );
  return tf.reshape(attended, [batch, positions, heads, value.shape[3]!]);
};
