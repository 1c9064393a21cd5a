import type { JsonObject } from '../../src/model/json.ts';
import { INPUTS, type KerasCase } from './kerasCase.ts';

const { steps } = INPUTS;

const cell = (className: string, units: number): JsonObject => ({
  class_name: className,
  config: { units, recurrent_activation: 'sigmoid' },
});

/** Recurrences, their wrappers and layers over steps. */
export const RECURRENT: readonly KerasCase[] = [
  { class: 'SimpleRNN', config: { units: 5, go_backwards: true }, inputs: steps },
  {
    class: 'LSTM',
    config: { units: 5, recurrent_activation: 'sigmoid', return_sequences: true },
    inputs: steps,
  },
  {
    class: 'LSTM',
    config: { units: 5, recurrent_activation: 'hard_sigmoid', unit_forget_bias: false },
    inputs: steps,
  },
  { class: 'GRU', config: { units: 5, recurrent_activation: 'sigmoid' }, inputs: steps },
  {
    class: 'GRU',
    config: { units: 5, recurrent_activation: 'sigmoid', reset_after: false, return_sequences: true },
    inputs: steps,
  },
  { class: 'GRU', config: { units: 5, recurrent_activation: 'sigmoid', use_bias: false }, inputs: steps },
  {
    class: 'Bidirectional',
    config: {
      layer: {
        class_name: 'LSTM',
        config: { units: 3, recurrent_activation: 'sigmoid', return_sequences: true },
      },
    },
    inputs: steps,
  },
  {
    class: 'Bidirectional',
    config: {
      layer: { class_name: 'GRU', config: { units: 3, recurrent_activation: 'sigmoid' } },
      merge_mode: 'sum',
    },
    inputs: steps,
  },
  {
    class: 'Bidirectional',
    config: { layer: { class_name: 'SimpleRNN', config: { units: 3 } }, merge_mode: 'mul' },
    inputs: steps,
  },
  { class: 'RNN', config: { cell: cell('LSTMCell', 3), return_sequences: true }, inputs: steps },
  {
    class: 'RNN',
    config: {
      cell: { class_name: 'StackedRNNCells', config: { cells: [cell('GRUCell', 3), cell('LSTMCell', 5)] } },
      go_backwards: true,
    },
    inputs: steps,
  },
  {
    class: 'TimeDistributed',
    config: { layer: { class_name: 'Dense', config: { units: 3, activation: 'tanh' } } },
    inputs: steps,
  },
  {
    class: 'TimeDistributed',
    config: { layer: { class_name: 'Conv2D', config: { filters: 3, kernel_size: 2 } } },
    inputs: [[3, 4, 4, 2]],
  },
  {
    class: 'ConvLSTM1D',
    config: { filters: 3, kernel_size: 3, return_sequences: true },
    inputs: [[4, 6, 2]],
  },
  { class: 'ConvLSTM2D', config: { filters: 3, kernel_size: 3, padding: 'same' }, inputs: [[3, 5, 4, 2]] },
  { class: 'ConvLSTM2D', config: { filters: 3, kernel_size: 2, strides: 2 }, inputs: [[3, 5, 4, 2]] },
  { class: 'ConvLSTM3D', config: { filters: 2, kernel_size: 2, padding: 'same' }, inputs: [[2, 3, 3, 3, 2]] },
];

/** Attention of every kind. */
export const ATTENTION: readonly KerasCase[] = [
  {
    class: 'Attention',
    config: { use_scale: true },
    inputs: [
      [5, 4],
      [6, 4],
    ],
  },
  {
    class: 'Attention',
    config: { score_mode: 'concat', use_scale: true },
    inputs: [
      [5, 4],
      [6, 4],
      [6, 4],
    ],
  },
  {
    class: 'Attention',
    inputs: [
      [5, 4],
      [5, 4],
    ],
    call: { use_causal_mask: true },
  },
  {
    class: 'AdditiveAttention',
    inputs: [
      [5, 4],
      [6, 4],
    ],
  },
  {
    class: 'MultiHeadAttention',
    config: { num_heads: 2, key_dim: 3 },
    inputs: [
      [5, 4],
      [6, 4],
    ],
    spread: true,
  },
  {
    class: 'MultiHeadAttention',
    config: { num_heads: 2, key_dim: 3, value_dim: 5, output_shape: 7, use_bias: false },
    inputs: [
      [5, 4],
      [6, 4],
    ],
    spread: true,
  },
  {
    class: 'MultiHeadAttention',
    config: { num_heads: 2, key_dim: 3 },
    inputs: [
      [5, 4],
      [5, 4],
    ],
    spread: true,
    call: { use_causal_mask: true },
  },
  {
    class: 'MultiHeadAttention',
    config: { num_heads: 2, key_dim: 3, attention_axes: [2] },
    inputs: [
      [3, 5, 4],
      [3, 5, 4],
    ],
    spread: true,
  },
  {
    class: 'GroupQueryAttention',
    config: { head_dim: 3, num_query_heads: 4, num_key_value_heads: 2 },
    inputs: [
      [5, 4],
      [6, 4],
    ],
    spread: true,
    only: 'keras3',
  },
];
