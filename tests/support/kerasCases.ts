import type { JsonObject } from '../../src/model/json.ts';

/** One small layer to be run by a framework and by us with the same weights. */
export interface KerasCase {
  readonly class: string;
  readonly config?: JsonObject;
  /** Input shapes without the batch. */
  readonly inputs: readonly (readonly number[])[];
  /** Inputs are ids below this. */
  readonly ids?: number;
  /** Run in training mode (batch statistics, power iteration). */
  readonly training?: boolean;
  /** Inputs are passed one by one (query, value, …), not as a list. */
  readonly spread?: boolean;
  /** Keyword arguments of the call that are plain values. */
  readonly call?: JsonObject;
  /** Only Keras 3 has it, or has it in this form. */
  readonly only?: 'keras3' | 'keras2';
}

const image = [[8, 7, 6]];
const rows = [[9, 4]];
const volume = [[5, 4, 5, 2]];
const steps = [[6, 4]];
const cell = (className: string, units: number): JsonObject => ({
  class_name: className,
  config: { units, recurrent_activation: 'sigmoid' },
});

const convolutions: readonly KerasCase[] = [
  {
    class: 'Conv1D',
    config: { filters: 5, kernel_size: 3, padding: 'causal', dilation_rate: 2 },
    inputs: rows,
  },
  {
    class: 'Conv1D',
    config: { filters: 6, kernel_size: 3, strides: 2, padding: 'same', groups: 2 },
    inputs: rows,
  },
  {
    class: 'Conv2D',
    config: { filters: 5, kernel_size: [3, 2], strides: 2, padding: 'same', activation: 'relu' },
    inputs: image,
  },
  { class: 'Conv2D', config: { filters: 4, kernel_size: 3, dilation_rate: 2 }, inputs: image },
  {
    class: 'Conv2D',
    config: { filters: 4, kernel_size: 3, padding: 'same', dilation_rate: [2, 1] },
    inputs: image,
  },
  { class: 'Conv2D', config: { filters: 6, kernel_size: 3, groups: 3, padding: 'same' }, inputs: image },
  { class: 'Conv3D', config: { filters: 3, kernel_size: 2, strides: 2, padding: 'same' }, inputs: volume },
  {
    class: 'Conv1DTranspose',
    config: { filters: 4, kernel_size: 3, strides: 2, padding: 'same' },
    inputs: rows,
  },
  { class: 'Conv1DTranspose', config: { filters: 4, kernel_size: 4, strides: 3 }, inputs: rows },
  {
    class: 'Conv2DTranspose',
    config: { filters: 4, kernel_size: 3, strides: 2, padding: 'same' },
    inputs: image,
  },
  { class: 'Conv2DTranspose', config: { filters: 4, kernel_size: 4, strides: 2 }, inputs: image },
  {
    class: 'Conv2DTranspose',
    config: { filters: 4, kernel_size: 3, strides: 2, padding: 'same', output_padding: 1 },
    inputs: image,
  },
  {
    class: 'Conv3DTranspose',
    config: { filters: 2, kernel_size: 3, strides: 2, padding: 'same' },
    inputs: [[3, 3, 2, 2]],
  },
  {
    class: 'DepthwiseConv1D',
    config: { kernel_size: 3, depth_multiplier: 2, strides: 2, padding: 'same' },
    inputs: rows,
  },
  {
    class: 'DepthwiseConv2D',
    config: { kernel_size: 3, depth_multiplier: 2, dilation_rate: 2 },
    inputs: image,
  },
  {
    class: 'DepthwiseConv2D',
    config: { kernel_size: 3, strides: 2, padding: 'same', use_bias: false },
    inputs: image,
  },
  { class: 'SeparableConv1D', config: { filters: 5, kernel_size: 3, depth_multiplier: 2 }, inputs: rows },
  { class: 'SeparableConv2D', config: { filters: 5, kernel_size: 3, padding: 'same' }, inputs: image },
];

const norms: readonly KerasCase[] = [
  { class: 'BatchNormalization', config: { scale: false, epsilon: 0.01 }, inputs: image, training: true },
  { class: 'BatchNormalization', config: { center: false, axis: 1 }, inputs: [[5, 4]], training: true },
  { class: 'BatchNormalization', inputs: [[5]], training: true },
  { class: 'LayerNormalization', config: { axis: [1, 2] }, inputs: steps },
  { class: 'LayerNormalization', config: { axis: 1, scale: false }, inputs: steps, only: 'keras2' },
  { class: 'LayerNormalization', config: { rms_scaling: true }, inputs: steps, only: 'keras3' },
  { class: 'RMSNormalization', inputs: steps, only: 'keras3' },
  { class: 'GroupNormalization', config: { groups: 3 }, inputs: image },
  { class: 'GroupNormalization', config: { groups: -1, axis: 1 }, inputs: image },
  { class: 'UnitNormalization', config: { axis: [1, 2] }, inputs: steps },
  {
    class: 'SpectralNormalization',
    config: { layer: { class_name: 'Dense', config: { units: 5 } }, power_iterations: 2 },
    inputs: [[4]],
    training: true,
    only: 'keras2',
  },
];

const recurrent: readonly KerasCase[] = [
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

const attention: readonly KerasCase[] = [
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

const shapes: readonly KerasCase[] = [
  ...['MaxPooling', 'AveragePooling'].flatMap((name): KerasCase[] => [
    { class: `${name}1D`, config: { pool_size: 3, strides: 2, padding: 'same' }, inputs: rows },
    // Keras 3 on PyTorch pads averages in another way than TensorFlow does.
    {
      class: `${name}2D`,
      config: { pool_size: [3, 2], strides: [2, 1], padding: 'same' },
      inputs: image,
      ...(name === 'MaxPooling' ? {} : { only: 'keras2' }),
    },
    { class: `${name}2D`, config: { pool_size: 2 }, inputs: image },
    { class: `${name}3D`, config: { pool_size: 2 }, inputs: volume },
  ]),
  ...['GlobalMaxPooling', 'GlobalAveragePooling'].flatMap((name): KerasCase[] => [
    { class: `${name}1D`, config: { keepdims: true }, inputs: rows },
    { class: `${name}2D`, inputs: image },
    { class: `${name}3D`, inputs: volume },
  ]),
  { class: 'Flatten', inputs: image },
  { class: 'Flatten', config: { data_format: 'channels_first' }, inputs: image },
  { class: 'Reshape', config: { target_shape: [6, -1] }, inputs: image },
  { class: 'Permute', config: { dims: [3, 1, 2] }, inputs: image },
  { class: 'RepeatVector', config: { n: 3 }, inputs: [[5]] },
  { class: 'ZeroPadding1D', config: { padding: [1, 2] }, inputs: rows },
  {
    class: 'ZeroPadding2D',
    config: {
      padding: [
        [1, 2],
        [0, 3],
      ],
    },
    inputs: image,
  },
  { class: 'ZeroPadding3D', config: { padding: 1 }, inputs: volume },
  { class: 'Cropping1D', config: { cropping: [1, 2] }, inputs: rows },
  {
    class: 'Cropping2D',
    config: {
      cropping: [
        [1, 2],
        [0, 3],
      ],
    },
    inputs: image,
  },
  { class: 'Cropping3D', config: { cropping: 1 }, inputs: [[4, 5, 3, 2]] },
  { class: 'UpSampling1D', config: { size: 3 }, inputs: rows },
  { class: 'UpSampling2D', config: { size: [2, 3] }, inputs: image },
  { class: 'UpSampling2D', config: { size: [2, 3], interpolation: 'bilinear' }, inputs: image },
  { class: 'UpSampling3D', config: { size: 2 }, inputs: volume },
  {
    class: 'Concatenate',
    config: { axis: 1 },
    inputs: [
      [4, 5],
      [3, 5],
    ],
  },
  {
    class: 'Dot',
    config: { axes: [2, 1] },
    inputs: [
      [4, 5],
      [5, 3],
    ],
  },
  { class: 'Dot', config: { axes: 1, normalize: true }, inputs: [[5], [5]] },
  ...['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum'].map((name): KerasCase => ({
    class: name,
    inputs: [
      [4, 5],
      [4, 5],
    ],
  })),
  { class: 'Multiply', inputs: [[4, 5], [5]] },
];

const rest: readonly KerasCase[] = [
  { class: 'Dense', config: { units: 5, activation: 'elu' }, inputs: [[3, 7]] },
  {
    class: 'EinsumDense',
    config: { equation: 'abc,cde->abde', output_shape: [null, 3, 2], bias_axes: 'de' },
    inputs: [[5, 4]],
  },
  {
    class: 'EinsumDense',
    config: { equation: '...x,xy->...y', output_shape: 6, bias_axes: 'y', activation: 'relu' },
    inputs: [[2, 5, 4]],
  },
  { class: 'Embedding', config: { input_dim: 9, output_dim: 4 }, inputs: [[6]], ids: 9 },
  { class: 'PReLU', config: { shared_axes: [1] }, inputs: [[5, 4]] },
  { class: 'ELU', config: { alpha: 0.7 }, inputs: [[6]] },
  { class: 'Softmax', config: { axis: 1 }, inputs: [[4, 6]] },
  { class: 'ReLU', config: { max_value: 0.6, negative_slope: 0.1, threshold: 0.2 }, inputs: [[6]] },
  { class: 'LeakyReLU', inputs: [[6]] },
  { class: 'Rescaling', config: { scale: 0.5, offset: -1 }, inputs: image },
  {
    class: 'Normalization',
    config: { mean: [1, 2, 3, 4, 5, 6], variance: [1, 4, 9, 16, 25, 36] },
    inputs: image,
  },
  { class: 'Resizing', config: { height: 5, width: 9 }, inputs: image },
  { class: 'Resizing', config: { height: 16, width: 14, interpolation: 'nearest' }, inputs: image },
  { class: 'CenterCrop', config: { height: 5, width: 4 }, inputs: image },
  { class: 'ActivityRegularization', config: { l2: 0.1 }, inputs: [[6]] },
  { class: 'GaussianNoise', config: { stddev: 0.5 }, inputs: [[6]] },
];

const both = [
  'elu',
  'exponential',
  'gelu',
  'hard_sigmoid',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
];
/** Of Keras 3 alone; its sparsemax (3.15) is none: ours is held to the paper in tests/unit/engine. */
const three = [
  'celu',
  'hard_shrink',
  'hard_silu',
  'hard_tanh',
  'leaky_relu',
  'log_sigmoid',
  'log_softmax',
  'silu',
  'soft_shrink',
  'sparse_plus',
  'sparse_sigmoid',
  'squareplus',
  'tanh_shrink',
];
const activations = [
  ...both.map((activation): KerasCase => ({ class: 'Activation', config: { activation }, inputs: [[3, 8]] })),
  ...three.map((activation): KerasCase => ({
    class: 'Activation',
    config: { activation },
    inputs: [[3, 8]],
    only: 'keras3',
  })),
];

/** Every layer kind that Keras has, in the forms whose arithmetic differs. */
export const KERAS_CASES: readonly KerasCase[] = [
  ...convolutions,
  ...norms,
  ...recurrent,
  ...attention,
  ...shapes,
  ...rest,
  ...activations,
];
