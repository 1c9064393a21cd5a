import type { Json, JsonObject } from '../../model/json.ts';
import { numberIn, numberOf } from './operationArguments.ts';
import type { OperationCall } from './operationCall.ts';
import type { Form } from './operationForms.ts';

const listed = (value: unknown): Json =>
  typeof value === 'number' || (Array.isArray(value) && value.every((item) => typeof item === 'number'))
    ? (value as Json)
    : null;

/** The data format as layers write it; TensorFlow writes it by letters, and it may be left out. */
function dataFormat(value: unknown): JsonObject {
  if (typeof value !== 'string') return {};
  return {
    data_format: value === 'channels_first' || value.startsWith('NC') ? 'channels_first' : 'channels_last',
  };
}

/** A window of TensorFlow's that also counts the batch and the channels. */
const spatial = (value: Json, format: unknown): Json =>
  Array.isArray(value) && value.length === 4
    ? String(format).startsWith('NC')
      ? value.slice(2)
      : value.slice(1, 3)
    : value;

const pooled =
  (className: string): Form =>
  ({ at, as }) => {
    const format = at(4, 'data_format');
    const size = spatial(listed(at(1, 'pool_size', 'ksize')), format);
    const padding = at(3, 'padding') ?? 'valid';
    if (size === null || typeof padding !== 'string') return undefined;
    const strides = spatial(listed(at(2, 'strides')), format);
    const window = { pool_size: size, strides, padding: padding.toLowerCase() };
    return as(className, { ...window, ...dataFormat(format) });
  };

/** A convolution by a kernel that is written as the second argument. */
const convolved =
  (className: string): Form =>
  ({ at, as }) => {
    const kernel = at(1, 'kernel', 'filters', 'filter');
    const padding = at(3, 'padding') ?? 'valid';
    const format = at(4, 'data_format');
    if (!Array.isArray(kernel) || typeof padding !== 'string') return undefined;
    return as(className, {
      kernel: kernel as Json,
      strides: spatial(listed(at(2, 'strides')), format) ?? 1,
      padding: padding.toLowerCase(),
      dilation_rate: spatial(listed(at(5, 'dilation_rate', 'dilations')), format) ?? 1,
      ...dataFormat(format),
    });
  };

const adaptive =
  (className: string): Form =>
  ({ at, as }) => {
    const size = listed(at(1, 'output_size'));
    return Array.isArray(size)
      ? as(`${className}${size.length}D`, { output_size: size, ...dataFormat(at(2, 'data_format')) })
      : undefined;
  };

const unlearned = ({ positional, named }: OperationCall): boolean =>
  ['gamma', 'beta', 'scale'].every((key) => (named[key] ?? null) === null) &&
  positional.slice(1).every((value) => value === null);

/** Operations that are a layer's own, by their plain names. */
export const LAYER_FORMS: Readonly<Record<string, Form>> = {
  maxpool: pooled('MaxPool'),
  maxpool1d: pooled('MaxPool1D'),
  maxpool2d: pooled('MaxPool2D'),
  maxpool3d: pooled('MaxPool3D'),
  averagepool: pooled('AveragePool'),
  avgpool: pooled('AveragePool'),
  avgpool1d: pooled('AveragePool1D'),
  avgpool2d: pooled('AveragePool2D'),
  avgpool3d: pooled('AveragePool3D'),
  conv: convolved('FixedConv'),
  conv1d: convolved('FixedConv'),
  conv2d: convolved('FixedConv'),
  depthwiseconv: convolved('FixedDepthwiseConv'),
  depthwiseconv2d: convolved('FixedDepthwiseConv'),
  adaptivemaxpool: adaptive('AdaptiveMaxPooling'),
  adaptiveaveragepool: adaptive('AdaptiveAveragePooling'),
  resize: ({ at, named, config, as }) => {
    const size = listed(at(1, 'size'));
    const options = { ...config, ...named };
    const changes = ['antialias', 'crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'preserve_aspect_ratio'];
    const method = at(2, 'interpolation', 'method') ?? 'bilinear';
    if (!Array.isArray(size) || size.length !== 2 || changes.some((key) => options[key] === true))
      return undefined;
    if (method !== 'bilinear' && method !== 'nearest') return undefined;
    const [height, width] = size as readonly Json[];
    return as('Resizing', {
      height: height ?? null,
      width: width ?? null,
      interpolation: method,
      ...dataFormat(options['data_format']),
    });
  },
  normalize: ({ at, as }) => {
    const order = at(2, 'order') ?? 2;
    return order === 2 ? as('UnitNormalization', { axis: listed(at(1, 'axis')) ?? -1 }) : undefined;
  },
  l2normalize: ({ at, as }) => {
    const axis = listed(at(1, 'axis'));
    return axis === null ? undefined : as('UnitNormalization', { axis });
  },
  leakyrelu: ({ option, as }) =>
    as('LeakyReLU', { negative_slope: numberOf(option('negative_slope', 'alpha'), 0.2) }),
  softmax: ({ axis, as }) =>
    as('Softmax', { axis: Array.isArray(axis) ? ((axis as readonly Json[])[0] ?? -1) : -1 }),
  layernorm: (call) => {
    const { config, axis, as } = call;
    return unlearned(call) && config['rms_scaling'] !== true
      ? as('LayerNormalization', {
          axis: axis ?? -1,
          epsilon: numberIn(config['epsilon']) ?? 1e-7,
          center: false,
          scale: false,
        })
      : undefined;
  },
};
