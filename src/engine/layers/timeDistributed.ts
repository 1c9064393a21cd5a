import * as tf from '@tensorflow/tfjs-core';
import type { TimeDistributedConfig } from '../../model/layers/timeDistributed.ts';
import type { Forward } from './forward.ts';

/** A layer applied to every step: steps stand in the batch meanwhile, but for batch statistics in Keras 3, which runs step by step. */
export const timeDistributed: Forward<TimeDistributedConfig> = (call) => {
  const inner = call.layer.inner![0]!;
  const [batch, steps] = call.inputs[0]!.shape as [number, number];
  if (call.semantics === 'keras3' && inner.kind === 'batchNorm') {
    const slices = tf.unstack(call.inputs[0]!, 1);
    return tf.stack(
      slices.map((slice) => call.inner(inner, [slice])[0]!),
      1,
    );
  }
  const together = call.inputs.map((x) => tf.reshape(x, [batch * steps, ...x.shape.slice(2)]));
  const made = call.inner(inner, together);
  return made.map((y) => tf.reshape(y, [batch, steps, ...y.shape.slice(1)]));
};
