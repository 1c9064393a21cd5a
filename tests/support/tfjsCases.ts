import type { JsonObject } from '../../src/model/json.ts';

/** A layer and what it is fed with. */
export interface Case {
  readonly class: string;
  readonly config?: JsonObject;
  /** Input shapes without the batch. */
  readonly inputs: readonly (readonly number[])[];
  readonly ids?: number;
  readonly training?: boolean;
}

const images = [[8, 7, 6]];
/** What tfjs-layers cannot do itself, or does wrong (the gradient of padded means, dilated and causal gradients, Softmax over an axis, batch norm without γ …) is left to the Python oracles. */
export const CASES: readonly Case[] = [
  { class: 'MaxPooling2D', config: { pool_size: [3, 2], strides: [2, 1], padding: 'same' }, inputs: images },
  { class: 'Dense', config: { units: 5, activation: 'tanh' }, inputs: [[7]] },
  { class: 'Dense', config: { units: 5, use_bias: false }, inputs: [[4, 7]] },
  { class: 'Conv1D', config: { filters: 5, kernel_size: 3, strides: 2, padding: 'same' }, inputs: [[9, 4]] },
  { class: 'Conv2D', config: { filters: 5, kernel_size: 3, activation: 'relu' }, inputs: images },
  {
    class: 'Conv2D',
    config: { filters: 5, kernel_size: [3, 2], strides: [2, 2], padding: 'same' },
    inputs: images,
  },
  { class: 'Conv2D', config: { filters: 4, kernel_size: 3, data_format: 'channels_first' }, inputs: images },
  { class: 'Conv3D', config: { filters: 3, kernel_size: 2, strides: 2 }, inputs: [[5, 4, 5, 2]] },
  {
    class: 'Conv2DTranspose',
    config: { filters: 4, kernel_size: 3, strides: 2, padding: 'same' },
    inputs: images,
  },
  { class: 'Conv2DTranspose', config: { filters: 4, kernel_size: 4, strides: 2 }, inputs: images },
  { class: 'Conv2DTranspose', config: { filters: 4, kernel_size: 2, strides: 3 }, inputs: images },
  {
    class: 'DepthwiseConv2D',
    config: { kernel_size: 3, depth_multiplier: 2, padding: 'same' },
    inputs: images,
  },
  { class: 'DepthwiseConv2D', config: { kernel_size: 3, strides: 2 }, inputs: images },
  { class: 'SeparableConv2D', config: { filters: 5, kernel_size: 3, depth_multiplier: 2 }, inputs: images },
  ...['MaxPooling', 'AveragePooling'].flatMap((name): Case[] => [
    { class: `${name}1D`, config: { pool_size: 2 }, inputs: [[9, 4]] },
    { class: `${name}2D`, config: { pool_size: [3, 2], strides: [2, 1] }, inputs: images },
    { class: `${name}2D`, config: { pool_size: 2, data_format: 'channels_first' }, inputs: images },
    { class: `${name}3D`, config: { pool_size: 2 }, inputs: [[4, 5, 4, 3]] },
  ]),
  ...['GlobalMaxPooling', 'GlobalAveragePooling'].flatMap((name): Case[] => [
    { class: `${name}1D`, inputs: [[9, 4]] },
    { class: `${name}2D`, inputs: images },
    { class: `${name}2D`, config: { data_format: 'channels_first' }, inputs: images },
  ]),
  { class: 'Flatten', inputs: images },
  { class: 'Flatten', config: { data_format: 'channels_first' }, inputs: images },
  ...[
    'relu',
    'tanh',
    'sigmoid',
    'softmax',
    'elu',
    'selu',
    'softplus',
    'softsign',
    'hard_sigmoid',
    'relu6',
    'linear',
    'swish',
    'mish',
    'gelu',
    'gelu_new',
  ].map((activation): Case => ({ class: 'Activation', config: { activation }, inputs: [[6, 5]] })),
  { class: 'LeakyReLU', config: { alpha: 0.1 }, inputs: [[6]] },
  { class: 'ReLU', config: { max_value: 0.4 }, inputs: [[6]] },
  { class: 'BatchNormalization', inputs: images, training: true },
  { class: 'Dropout', config: { rate: 0.5 }, inputs: [[6]] },
  ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum'].map((name): Case => ({
    class: name,
    inputs: [
      [4, 5],
      [4, 5],
      [4, 5],
    ],
  })),
  { class: 'Add', inputs: [[4, 5], [5]] },
  {
    class: 'Concatenate',
    config: { axis: 1 },
    inputs: [
      [4, 5],
      [3, 5],
    ],
  },
];

/** Snake case is Keras's, camel case TF.js's. */
