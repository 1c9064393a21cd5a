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
  if (fits(mask, logits.shape[0]!, sources)) {
    const shape = [mask.shape[0]!, ...logits.shape.slice(1, -1).map(() => 1), sources];
    shown = tf.add(shown, tf.mul(tf.sub(1, tf.reshape(mask, shape)), HIDDEN));
  }
  return shown;
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
 * share one. Returns [batch, targets, heads · size of value].
 */
export function attendHeads(
  call: LayerCall,
  { query, key, value }: Projections,
  heads: number,
  keyHeads = heads,
): tf.Tensor {
  const causal = calledCausally(call);
  const mask = call.mask(1);
  if (ownKernels()) {
    let watched: ((gradient: tf.TensorInfo) => void) | undefined;
    const seen = fits(mask, query.shape[0]!, key.shape[1]!) ? mask : undefined;
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
    const own = toHeads(x, keyHeads);
    return keyHeads === heads ? own : repeat(own, 1, heads / keyHeads);
  };
  const scaled = tf.mul(toHeads(query, heads), 1 / Math.sqrt(query.shape.at(-1)! / heads));
  const logits = call.tap('logits', tf.matMul(scaled, shared(key), false, true));
  return fromHeads(tf.matMul(tf.softmax(hide(logits, causal, mask)), shared(value)));
}
