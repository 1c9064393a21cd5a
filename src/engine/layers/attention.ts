import * as tf from '@tensorflow/tfjs-core';
import type { AttentionConfig } from '../../model/layers/attention.ts';
import { calledCausally, hide } from './attend.ts';
import type { Forward, LayerCall } from './forward.ts';

function scores(call: LayerCall<AttentionConfig>, query: tf.Tensor, key: tf.Tensor): tf.Tensor {
  const scale = call.optional('scale');
  const scaled = (x: tf.Tensor) => (scale === undefined ? x : tf.mul(x, scale));
  if (call.config.score === 'dot') return scaled(tf.matMul(query, key, false, true));
  const pairs = tf.add(tf.expandDims(query, -2), tf.expandDims(key, -3));
  if (call.config.score === 'additive') return tf.sum(scaled(tf.tanh(pairs)), -1);
  return tf.mul(call.weight('concat_score_weight'), tf.sum(tf.tanh(scaled(pairs)), -1));
}

/** Attention without projections. */
export const attention: Forward<AttentionConfig> = (call) => {
  const [query, value, key = value] = call.inputs as [tf.Tensor, tf.Tensor, tf.Tensor?];
  const logits = call.tap('logits', scores(call, query, key!));
  const causal = call.config.causal || calledCausally(call as unknown as LayerCall);
  const seen = tf.matMul(tf.softmax(hide(logits, { causal, sources: [call.mask(1)] })), value);
  const counts = call.mask(0);
  return counts === undefined ? seen : tf.mul(seen, tf.expandDims(counts, -1));
};
