import * as tf from '@tensorflow/tfjs-core';
import type { GruConfig } from '../../model/layers/gru.ts';
import { applyActivation } from '../activations/activate.ts';
import type { Forward, LayerCall } from './forward.ts';
import { fusedCell } from './fusedRecurrence.ts';
import { type Cell, preparing, unroll } from './recurrence.ts';

/** The two biases of `resetAfter`, or the one of the input. */
function biasesOf(call: LayerCall<GruConfig>): readonly (tf.Tensor | undefined)[] {
  const bias = call.optional('bias');
  if (bias === undefined || !call.config.resetAfter) return [bias, undefined];
  return tf.unstack(bias, 0);
}

/** A GRU's cell with the weights of a call; gates in the order z r h, the reset before or after the matrix product. */
export function gruCell(call: LayerCall<GruConfig>): Cell {
  const { units, recurrentActivation, resetAfter } = call.config;
  const recurrent = call.weight('recurrent_kernel');
  const [inputBias, recurrentBias] = biasesOf(call);
  const { activation } = call.layer;
  const gate = (z: tf.Tensor) => applyActivation(z, recurrentActivation);
  return {
    gateActivation: recurrentActivation,
    fused: fusedCell(
      {
        kind: resetAfter ? 'gru' : 'gruBefore',
        recurrent,
        bias: recurrentBias,
        gates: ['update', 'reset', undefined],
        gateSpec: recurrentActivation,
      },
      activation,
    ),
    prepare: preparing(call, inputBias),
    start: (x) => [tf.zeros([x.shape[0]!, units])],
    step: (x, [h]) => {
      const [xz, xr, xh] = tf.split(x, 3, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const product = tf.matMul(h!, resetAfter ? recurrent : tf.slice(recurrent, [0, 0], [units, 2 * units]));
      const inner = recurrentBias === undefined ? product : tf.add(product, recurrentBias);
      const [hz, hr, hh] = tf.split(inner, resetAfter ? 3 : 2, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const update = gate(tf.add(xz, hz));
      const reset = gate(tf.add(xr, hr));
      const stateKernel = () => tf.slice(recurrent, [0, 2 * units], [units, units]);
      const recalled = resetAfter ? tf.mul(reset, hh) : tf.matMul(tf.mul(reset, h!), stateKernel());
      const candidate = applyActivation(tf.add(xh, recalled), activation);
      const output = tf.add(tf.mul(update, h!), tf.mul(tf.sub(1, update), candidate));
      return { states: [output], gates: { update, reset } };
    },
  };
}

/** Gated recurrent unit. */
export const gru: Forward<GruConfig> = (call) => {
  const [x, ...states] = call.inputs;
  return unroll(call as unknown as LayerCall, x!, gruCell(call), call.config, states);
};
