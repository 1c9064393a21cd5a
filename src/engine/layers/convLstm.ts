import * as tf from '@tensorflow/tfjs-core';
import type { ConvLstmConfig } from '../../model/layers/convLstm.ts';
import { applyActivation } from '../activations/activate.ts';
import { plus } from '../plus.ts';
import type { Forward, LayerCall } from './forward.ts';
import { type Cell, unroll } from './recurrence.ts';
import { convolve, range } from './spatial.ts';

/** The cell, channels last; gates in the order i f c o. */
function convLstmCell(call: LayerCall<ConvLstmConfig>): Cell {
  const { config } = call;
  const { recurrentActivation, strides } = config;
  const bias = call.optional('bias');
  const recurrent = call.weight('recurrent_kernel');
  const ones = strides.map(() => 1);
  const again = { strides: ones, padding: 'same', dilation: ones } as const;
  const { activation } = call.layer;
  const gate = (z: tf.Tensor) => applyActivation(z, recurrentActivation);
  let state: readonly number[] = [];
  return {
    gateActivation: recurrentActivation,
    prepare: (x) => {
      const [batch, steps, ...rest] = x.shape as [number, number, ...number[]];
      const z = convolve(tf.reshape(x, [batch * steps, ...rest]), call.weight('kernel'), config);
      state = [batch, ...z.shape.slice(1, -1), config.filters];
      const sum = bias === undefined ? z : plus(z, bias);
      return call.tap('preActivation', tf.reshape(sum, [batch, steps, ...z.shape.slice(1)]));
    },
    start: () => [tf.zeros([...state]), tf.zeros([...state])],
    step: (z, [h, c]) => {
      const parts = tf.split(tf.add(z, convolve(h!, recurrent, again)), 4, -1);
      const [zi, zf, zc, zo] = parts as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const [input, forget, outputGate] = [gate(zi), gate(zf), gate(zo)];
      const candidate = applyActivation(zc, activation);
      const memory = tf.add(tf.mul(forget, c!), tf.mul(input, candidate));
      const output = tf.mul(outputGate, applyActivation(memory, activation));
      return { states: [output, memory], gates: { input, forget, output: outputGate } };
    },
  };
}

/** The tensor with the axis moved to another place. */
function moveAxis(x: tf.Tensor, from: number, to: number): tf.Tensor {
  const order = range(0, x.rank).filter((axis) => axis !== from);
  order.splice(to, 0, from);
  return tf.transpose(x, order);
}

/** LSTM whose products are convolutions. */
export const convLstm: Forward<ConvLstmConfig> = (call) => {
  const first = call.config.dataFormat === 'channelsFirst';
  const [x, ...states] = call.inputs;
  const toLast = (tensor: tf.Tensor, axis: number) =>
    first ? moveAxis(tensor, axis, tensor.rank - 1) : tensor;
  const made = unroll(
    call as unknown as LayerCall,
    toLast(x!, 2),
    convLstmCell(call),
    call.config,
    states.map((state) => toLast(state, 1)),
  );
  if (!first) return made;
  return made.map((tensor, i) =>
    moveAxis(tensor, tensor.rank - 1, i === 0 && call.config.returnSequences ? 2 : 1),
  );
};
