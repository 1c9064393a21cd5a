import type { Json, JsonObject } from '../../model/json.ts';
import { isRawRef } from '../../model/rawModel.ts';
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

/** A convolution by a kernel that is written as the second argument; `more`: the arguments that stand right behind it, undefined where they are missing. */
const convolved =
  (className: string, more: (call: OperationCall) => JsonObject | undefined = () => ({})): Form =>
  (call) => {
    const { at, as } = call;
    const options = more(call);
    const after = Object.keys(options ?? {}).length;
    const kernel = at(1, 'kernel', 'depthwise_kernel', 'filters', 'filter');
    const padding = at(3 + after, 'padding') ?? 'valid';
    const format = at(4 + after, 'data_format');
    if (!Array.isArray(kernel) || typeof padding !== 'string' || options === undefined) return undefined;
    return as(className, {
      kernel: kernel as Json,
      strides: spatial(listed(at(2 + after, 'strides')), format) ?? 1,
      padding: padding.toLowerCase(),
      dilation_rate: spatial(listed(at(5 + after, 'dilation_rate', 'dilations')), format) ?? 1,
      ...dataFormat(format),
      ...options,
    });
  };

const absent = ({ positional, named }: OperationCall, place: number, key: string): boolean =>
  (named[key] ?? positional[place] ?? null) === null;

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
  separableconv: convolved('FixedSeparableConv', ({ at }) => {
    const pointwise = at(2, 'pointwise_kernel');
    return Array.isArray(pointwise) ? { pointwise: pointwise as Json } : undefined;
  }),
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
  rmsnorm: (call) => {
    const { config, named, axis, as } = call;
    const epsilon = numberIn(named['epsilon'] ?? config['epsilon']) ?? 1e-7;
    return unlearned(call) ? as('RMSNormalization', { axis: axis ?? -1, epsilon, scale: false }) : undefined;
  },
  dotproductattention: (call) => {
    const { at, positional, named, as } = call;
    const inputs = ['query', 'key', 'value'].map((key, place) => named[key] ?? positional[place]);
    const plainly =
      absent(call, 3, 'bias') && absent(call, 4, 'mask') && absent(call, 8, 'attn_logits_soft_cap');
    if (!plainly || !inputs.every(isRawRef)) return undefined;
    const config = { scale: numberIn(at(5, 'scale')), is_causal: at(6, 'is_causal') === true };
    return { ...as('DotProductAttention', config), call: { inputs } };
  },
};
