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

/** The mask of an input: Keras 3 hands none to a layer that takes a list when it runs a functional model. */
function maskOf(call: LayerCall<AttentionConfig>, index: number): tf.Tensor | undefined {
  return call.semantics === 'keras3' ? undefined : call.mask(index);
}

/** Attention without projections. */
export const attention: Forward<AttentionConfig> = (call) => {
  const [query, value, key = value] = call.inputs as [tf.Tensor, tf.Tensor, tf.Tensor?];
  const logits = call.tap('logits', scores(call, query, key!));
  const causal = call.config.causal || calledCausally(call as unknown as LayerCall);
  const seen = tf.matMul(tf.softmax(hide(logits, { causal, sources: [maskOf(call, 1)] })), value);
  const counts = maskOf(call, 0);
  return counts === undefined ? seen : tf.mul(seen, tf.expandDims(counts, -1));
};
