import { INPUTS, type KerasCase } from './kerasCase.ts';

const { image, steps } = INPUTS;

/** Normalizations. */
export const NORMS: readonly KerasCase[] = [
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

/** Layers of single kinds. */
export const REST: readonly KerasCase[] = [
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
