import * as tf from '@tensorflow/tfjs-core';
import { attention } from '../kernels/attention.ts';
import { HIDDEN } from '../kernels/attentionKernels.ts';
import type { LayerCall } from './forward.ts';
import { ownKernels } from './spatial.ts';
import { repeat } from './upSampling.ts';

/** Whether a mask [batch, sources] is one of these sources. */
function fits(mask: tf.Tensor | undefined, batch: number, sources: number): mask is tf.Tensor {
  return mask !== undefined && mask.shape[1] === sources && mask.shape[0] === batch;
}

/** What a source must be to be seen by a target: not later, and not left out by the masks [batch, sources] and [batch, targets]. */
export interface Sight {
  readonly causal: boolean;
  readonly sources: readonly (tf.Tensor | undefined)[];
  readonly targets?: tf.Tensor | undefined;
}

/** A mask over one axis of the logits [batch, …, targets, sources], shaped to broadcast; undefined where it does not fit. */
function along(axis: -1 | -2, mask: tf.Tensor | undefined, logits: tf.Tensor): tf.Tensor | undefined {
  if (!fits(mask, logits.shape[0]!, logits.shape.at(axis)!)) return undefined;
  const shape = logits.shape.map(() => 1);
  shape[0] = mask.shape[0]!;
  shape[logits.rank + axis] = mask.shape[1]!;
  return tf.reshape(mask, shape);
}

/** 1 where a source (column) is not later than its target (row). */
function earlier(rows: number, columns: number): tf.Tensor2D {
  const table = Array.from({ length: rows * columns }, (_, i) =>
    i % columns > Math.floor(i / columns) ? 0 : 1,
  );
  return tf.tensor2d(table, [rows, columns]);
}

/** Adds what hides a source, once, however many masks hide it: a target that sees nothing attends to all alike, as in Keras. */
export function hide(logits: tf.Tensor, { causal, sources, targets }: Sight): tf.Tensor {
  const [rows, columns] = logits.shape.slice(-2) as [number, number];
  const seen = [
    causal ? earlier(rows, columns) : undefined,
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

/** [batch, positions, heads · size] as [batch, heads, positions, size]. */
function toHeads(x: tf.Tensor, heads: number): tf.Tensor {
  const [batch, positions, wide] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [batch, positions, heads, wide / heads]), [0, 2, 1, 3]);
}

/** The inverse of `toHeads`. */
function fromHeads(x: tf.Tensor): tf.Tensor {
  const [batch, heads, positions, size] = x.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, positions, heads * size]);
}

/** The projections of an attention: [batch, positions, heads · size] each. */
export interface Projections {
  readonly query: tf.Tensor;
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
}

/**
 * Softmax attention over heads; logits are scaled by 1/√size and tapped before they are masked. Where there are fewer heads of keys and values, several query heads in a row
 * share one. Our kernel takes one mask; several at once go by plain operations. Returns [batch, targets, heads · size of value].
 */
export function attendHeads(
  call: LayerCall,
  { query, key, value }: Projections,
  heads: number,
  keyHeads = heads,
): tf.Tensor {
  const causal = calledCausally(call);
  const mask = call.mask(1);
  const [own, batch, sources] = [call.mask(0), query.shape[0]!, key.shape[1]!];
  const seen = fits(mask, batch, sources) ? mask : undefined;
  const several =
    fits(own, batch, query.shape[1]!) || fits(call.mask(2), batch, sources) || (causal && seen !== undefined);
  if (ownKernels() && !several) {
    let watched: ((gradient: tf.TensorInfo) => void) | undefined;
    return attention(
      [query, key, value],
      seen,
      { heads, keyHeads, causal },
      {
        forward: (logits) => (watched = call.watch('logits', logits)),
        backward: (gradient) => watched?.(gradient),
      },
    );
  }
  const shared = (x: tf.Tensor) => {
    const apart = toHeads(x, keyHeads);
    return keyHeads === heads ? apart : repeat(apart, 1, heads / keyHeads);
  };
  const scaled = tf.mul(toHeads(query, heads), 1 / Math.sqrt(query.shape.at(-1)! / heads));
  const logits = call.tap('logits', tf.matMul(scaled, shared(key), false, true));
  return fromHeads(
    tf.matMul(
      tf.softmax(hide(logits, { causal, sources: [mask, call.mask(2)], targets: own })),
      shared(value),
    ),
  );
}
