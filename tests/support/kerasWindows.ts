import { INPUTS, type KerasCase } from './kerasCase.ts';

const { image, rows, volume } = INPUTS;

/** Convolutions of every rank, transposed, depthwise and separable. */
export const CONVOLUTIONS: readonly KerasCase[] = [
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

/** Pooling, reshaping, borders and merges. */
export const SHAPES: readonly KerasCase[] = [
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
