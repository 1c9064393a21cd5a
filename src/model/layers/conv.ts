import { declareWeight, defaultKernel, onlyInput, product } from './declare.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';
import type { Shape } from '../shape.ts';
import type { LayerKind, ParsedLayer, RawConfig } from './kind.ts';
import {
  checkGroups,
  type DataFormat,
  joinShape,
  type Padding,
  readDataFormat,
  readPadding,
  readSizes,
  spatialRank,
  splitShape,
  windowLength,
} from './spatial.ts';

export type ConvConfig = {
  readonly rank: number;
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dataFormat: DataFormat;
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly useBias: boolean;
};

/** The kernel sizes under Keras 2's key or Keras 1's (`filter_length`, `nb_row` and `nb_col`, `kernel_dim1` …). */
function readKernelSize(raw: RawConfig, rank: number): readonly number[] {
  if (raw.has('nb_row')) return [raw.size(['nb_row']), raw.size(['nb_col'])];
  if (raw.has('kernel_dim1')) return [1, 2, 3].map((axis) => raw.size([`kernel_dim${axis}`]));
  return readSizes(raw, ['kernel_size', 'filter_length'], rank);
}

/** What all convolutions share, under the names of Keras 1 to 3 and TF.js. */
export function readWindow(raw: RawConfig, rank: number): Omit<ConvConfig, 'filters' | 'groups'> {
  return {
    rank,
    kernelSize: readKernelSize(raw, rank),
    strides: readSizes(raw, ['strides', 'subsample', 'subsample_length'], rank, 1),
    padding: readPadding(raw),
    dataFormat: readDataFormat(raw),
    dilation: readSizes(raw, ['dilation_rate', 'atrous_rate'], rank, 1),
    useBias: raw.boolean(['use_bias', 'bias'], true),
  };
}

/** Activation and initializers of a layer with a bias and kernels that stand under these keys. */
export function readFilters(
  raw: RawConfig,
  kernels: Readonly<Record<string, readonly string[]>>,
): Pick<ParsedLayer<never>, 'activation' | 'initializers'> {
  const activation = raw.activation(['activation']);
  const drawn = Object.entries(kernels).map(([name, keys]) => [
    name,
    raw.initializer(keys, defaultKernel(raw.semantics)),
  ]);
  return {
    ...(activation === undefined ? {} : { activation }),
    initializers: {
      ...(Object.fromEntries(drawn) as Record<string, InitializerSpec>),
      bias: raw.initializer(['bias_initializer'], 'zeros'),
    },
  };
}

/** Where a layer of one kernel names its initializer. */
export const KERNEL_KEYS = { kernel: ['kernel_initializer', 'init'] } as const;

/** Spatial sizes after the window of a convolution. */
export function convolved(
  config: Omit<ConvConfig, 'filters' | 'groups'>,
  spatial: readonly number[],
): readonly number[] {
  return spatial.map((size, i) =>
    windowLength(
      size,
      config.kernelSize[i] ?? 1,
      config.strides[i] ?? 1,
      config.dilation[i] ?? 1,
      config.padding,
    ),
  );
}

/** The one output of a convolution with this many channels, of an input that has these. */
export function convolvedOutputs(
  config: Omit<ConvConfig, 'filters' | 'groups'>,
  inputs: readonly Shape[],
  filters: (channels: number) => number,
): readonly Shape[] {
  const input = onlyInput(inputs, config.rank + 2);
  const { spatial, channels } = splitShape(input, config.dataFormat);
  return [joinShape(input[0] ?? null, convolved(config, spatial), filters(channels), config.dataFormat)];
}

/** Convolution of rank 1 to 3 (grouped, dilated, either data format): kernel (k…, in/groups, filters). */
export const conv: LayerKind<ConvConfig> = {
  id: 'conv',
  classes: [
    ...['Conv1D', 'Conv2D', 'Conv3D', 'Convolution1D', 'Convolution2D', 'Convolution3D'],
    ...['AtrousConvolution1D', 'AtrousConvolution2D', 'AtrousConv1D', 'AtrousConv2D'],
  ],
  signal: 'weighted',
  parse: (raw) => ({
    config: {
      ...readWindow(raw, spatialRank(raw.className)),
      filters: raw.size(['filters', 'nb_filter']),
      groups: raw.size(['groups'], 1),
    },
    ...readFilters(raw, KERNEL_KEYS),
  }),
  outputs: (config, inputs) => convolvedOutputs(config, inputs, () => config.filters),
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const { filters, groups, kernelSize } = config;
    const input = onlyInput(inputs, config.rank + 2);
    const { channels } = splitShape(input, config.dataFormat);
    checkGroups(channels, filters, groups, input);
    const field = product(kernelSize);
    const fanIn = (field * channels) / groups;
    const fanOut = (field * filters) / groups / product(config.strides);
    const shape = [...kernelSize, channels / groups, filters];
    const kernel = { name: 'kernel', part: 'kernel', shape, effective: [fanIn, fanOut] } as const;
    const bias = { name: 'bias', part: 'bias', shape: [filters] } as const;
    return (config.useBias ? [kernel, bias] : [kernel]).map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => {
    const { spatial, channels } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
    const positions = product(convolved(config, spatial));
    return (positions * product(config.kernelSize) * channels * config.filters) / config.groups;
  },
};
