import * as tf from '@tensorflow/tfjs-core';
import type { LayerCall } from './forward.ts';

/** What is added to the logit of a source that may not be seen. */
const HIDDEN = -1e9;

/** What a source must be to be seen by a target: not later, and not left out by the masks [batch, sources] and [batch, targets]. */
export interface Sight {
  readonly causal: boolean;
  readonly sources: readonly (tf.Tensor | undefined)[];
  readonly targets?: tf.Tensor | undefined;
}

/** A mask over one axis of the logits [batch, …, targets, sources], shaped to broadcast; undefined where it does not fit. */
function along(axis: -1 | -2, mask: tf.Tensor | undefined, logits: tf.Tensor): tf.Tensor | undefined {
  if (mask?.shape[1] !== logits.shape.at(axis) || mask?.shape[0] !== logits.shape[0]) return undefined;
  const shape = logits.shape.map(() => 1);
  shape[0] = mask!.shape[0]!;
  shape[logits.rank + axis] = mask!.shape[1]!;
  return tf.reshape(mask!, shape);
}

/** Adds what hides a source, once, however many masks hide it: a target that sees nothing attends to all alike, as in Keras. */
export function hide(logits: tf.Tensor, { causal, sources, targets }: Sight): tf.Tensor {
  const [rows, columns] = logits.shape.slice(-2) as [number, number];
  const earlier = Array.from({ length: rows * columns }, (_, i) =>
    i % columns > Math.floor(i / columns) ? 0 : 1,
  );
  const seen = [
    causal ? tf.tensor2d(earlier, [rows, columns]) : undefined,
    ...sources.map((mask) => along(-1, mask, logits)),
    along(-2, targets, logits),
  ].filter((mask) => mask !== undefined);
  if (seen.length === 0) return logits;
  const all = seen.reduce<tf.Tensor>((product, mask) => tf.mul(product, mask), tf.scalar(1));
  return tf.add(logits, tf.mul(tf.sub(1, all), HIDDEN));
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
  const sight = {
    causal: calledCausally(call),
    sources: [call.mask(1), call.mask(2)],
    targets: call.mask(0),
  };
  return tf.matMul(tf.softmax(hide(logits, sight)), value);
}
