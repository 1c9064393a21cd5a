import * as tf from '@tensorflow/tfjs-core';
import type { LayerCall } from './forward.ts';

/** What is added to the logit of a source that may not be seen. */
const HIDDEN = -1e9;

/** Adds what hides later sources, and sources that the mask [batch, sources] leaves out, to logits [batch, …, targets, sources]. */
export function hide(logits: tf.Tensor, causal: boolean, mask: tf.Tensor | undefined): tf.Tensor {
  let shown = logits;
  const [targets, sources] = logits.shape.slice(-2) as [number, number];
  if (causal) {
    const rows = Array.from({ length: targets * sources }, (_, i) =>
      i % sources > Math.floor(i / sources) ? HIDDEN : 0,
    );
    shown = tf.add(shown, tf.tensor2d(rows, [targets, sources]));
  }
  if (mask !== undefined && mask.shape[1] === sources && mask.shape[0] === logits.shape[0]) {
    const shape = [mask.shape[0]!, ...logits.shape.slice(1, -1).map(() => 1), sources];
    shown = tf.add(shown, tf.mul(tf.sub(1, tf.reshape(mask, shape)), HIDDEN));
  }
  return shown;
}

/** Was the layer called with a causal mask? */
export function calledCausally(call: LayerCall): boolean {
  return call.kwargs['use_causal_mask'] === true;
}

/**
 * Softmax attention over heads: query, key [batch, heads, positions, size] and value alike; logits are scaled by 1/√size and tapped before they are
 * masked. Returns [batch, heads, targets, size of value].
 */
export function attendHeads(call: LayerCall, query: tf.Tensor, key: tf.Tensor, value: tf.Tensor): tf.Tensor {
  const scaled = tf.mul(query, 1 / Math.sqrt(query.shape.at(-1)!));
  const logits = call.tap('logits', tf.matMul(scaled, key, false, true));
  const weights = tf.softmax(hide(logits, calledCausally(call), call.mask(1)));
  return tf.matMul(weights, value);
}
