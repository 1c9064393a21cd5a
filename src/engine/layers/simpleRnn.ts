import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentConfig } from '../../model/layers/recurrent.ts';
import { applyActivation } from '../activations/activate.ts';
import type { Forward, LayerCall } from './forward.ts';
import { fusedCell } from './fusedRecurrence.ts';
import { type Cell, preparing, unroll } from './recurrence.ts';

/** A plain recurrence h ← φ(x·W + h·U + b) with the weights of a call. */
export function simpleRnnCell(call: LayerCall<RecurrentConfig>): Cell {
  const recurrent = call.weight('recurrent_kernel');
  const { activation } = call.layer;
  return {
    fused: fusedCell({ kind: 'simpleRnn', recurrent, gates: [] }, activation),
    prepare: preparing(call, call.optional('bias')),
    start: (x) => [tf.zeros([x.shape[0]!, call.config.units])],
    step: (x, [h]) => {
      const output = applyActivation(tf.add(x, tf.matMul(h!, recurrent)), activation);
      return { states: [output] };
    },
  };
}

/** Fully connected recurrence. */
export const simpleRnn: Forward<RecurrentConfig> = (call) => {
  const [x, ...states] = call.inputs;
  return unroll(call as unknown as LayerCall, x!, simpleRnnCell(call), call.config, states);
};
