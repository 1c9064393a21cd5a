import * as tf from '@tensorflow/tfjs-core';
import type { TimeDistributedConfig } from '../../model/layers/timeDistributed.ts';
import type { Forward } from './forward.ts';

/** A layer applied to every step: steps stand in the batch meanwhile. */
export const timeDistributed: Forward<TimeDistributedConfig> = (call) => {
  const x = call.inputs[0]!;
  const [batch, steps, ...rest] = x.shape as [number, number, ...number[]];
  const [y] = call.inner(call.layer.inner![0]!, [tf.reshape(x, [batch * steps, ...rest])]);
  return tf.reshape(y!, [batch, steps, ...y!.shape.slice(1)]);
};
