import * as tf from '@tensorflow/tfjs-core';
import type { NormalizationConfig } from '../../model/layers/normalization.ts';
import type { Forward, LayerCall } from './forward.ts';
import { positiveAxes } from './layerNorm.ts';

/** Keras's floor under the deviation. */
const FLOOR = 1e-7;

function statistic(call: LayerCall<NormalizationConfig>, name: 'mean' | 'variance', x: tf.Tensor): tf.Tensor {
  const given = call.config[name];
  const values = given === null ? call.weight(name) : tf.tensor1d([...given]);
  const shape = new Array<number>(x.rank).fill(1);
  if (values.size > 1)
    for (const axis of positiveAxes(call.config.axes ?? [], x.rank)) shape[axis] = x.shape[axis]!;
  return tf.reshape(values, shape);
}

/** (x − mean)/deviation, or the inverse. */
export const normalization: Forward<NormalizationConfig> = (call) => {
  const x = call.inputs[0]!;
  const mean = statistic(call, 'mean', x);
  const deviation = tf.maximum(tf.sqrt(statistic(call, 'variance', x)), FLOOR);
  return call.config.invert ? tf.add(mean, tf.mul(x, deviation)) : tf.div(tf.sub(x, mean), deviation);
};
