import * as tf from '@tensorflow/tfjs-core';
import type { LstmConfig } from '../../model/layers/lstm.ts';
import { applyActivation } from '../activations/activate.ts';
import type { Forward, LayerCall } from './forward.ts';
import { fusedCell } from './fusedRecurrence.ts';
import { type Cell, preparing, unroll } from './recurrence.ts';

/** An LSTM's cell with the weights of a call; gates in the order i f c o. */
export function lstmCell(call: LayerCall<LstmConfig>): Cell {
  const { units, recurrentActivation } = call.config;
  const recurrent = call.weight('recurrent_kernel');
  const { activation } = call.layer;
  const gate = (z: tf.Tensor) => applyActivation(z, recurrentActivation);
  return {
    gateActivation: recurrentActivation,
    fused: fusedCell(
      {
        kind: 'lstm',
        recurrent,
        gates: ['input', 'forget', undefined, 'output'],
        gateSpec: recurrentActivation,
      },
      activation,
    ),
    prepare: preparing(call, call.optional('bias')),
    start: (x) => [tf.zeros([x.shape[0]!, units]), tf.zeros([x.shape[0]!, units])],
    step: (z, [h, c]) => {
      const [zi, zf, zc, zo] = tf.split(tf.add(z, tf.matMul(h!, recurrent)), 4, -1) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const [input, forget, outputGate] = [gate(zi), gate(zf), gate(zo)];
      const candidate = applyActivation(zc, activation);
      const memory = tf.add(tf.mul(forget, c!), tf.mul(input, candidate));
      const output = tf.mul(outputGate, applyActivation(memory, activation));
      const gates = { input, forget, output: outputGate };
      return { states: [output, memory], gates };
    },
  };
}

/** Long short-term memory. */
export const lstm: Forward<LstmConfig> = (call) => {
  const [x, ...states] = call.inputs;
  return unroll(call as unknown as LayerCall, x!, lstmCell(call), call.config, states);
};
