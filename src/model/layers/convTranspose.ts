import { type ConvConfig, KERNEL_KEYS, readFilters, readWindow } from './conv.ts';
import { declareWeight, onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { joinShape, spatialRank, splitShape, transposedLength } from './spatial.ts';

export type ConvTransposeConfig = Omit<ConvConfig, 'groups'> & {
  readonly outputPadding: readonly number[] | null;
};

const spatialOf = (config: ConvTransposeConfig, spatial: readonly number[]): readonly number[] =>
  spatial.map((size, i) =>
    transposedLength(
      size,
      config.kernelSize[i] ?? 1,
      config.strides[i] ?? 1,
      config.dilation[i] ?? 1,
      config.padding,
      config.outputPadding?.[i],
    ),
  );

/**
 * Transposed convolution of rank 1 to 3: kernel (k…, filters, in). The frameworks take the fan-in k^d · filters, where the
 * signal sees k^d · in / stride^d (theory.md §3.8).
 */
export const convTranspose: LayerKind<ConvTransposeConfig> = {
  id: 'convTranspose',
  classes: [
    ...[
      'Conv1DTranspose',
      'Conv2DTranspose',
      'Conv3DTranspose',
      'Deconvolution2D',
      'Deconv2D',
      'Deconvolution3D',
      'Deconv3D',
    ],
    ...['Convolution1DTranspose', 'Convolution2DTranspose', 'Convolution3DTranspose'],
  ],
  signal: 'weighted',
  parse: (raw) => {
    const rank = spatialRank(raw.className);
    const padded = raw.raw('output_padding') ?? null;
    return {
      config: {
        ...readWindow(raw, rank),
        filters: raw.size(['filters', 'nb_filter']),
        outputPadding: padded === null ? null : raw.tuple(['output_padding'], rank),
      },
      ...readFilters(raw, KERNEL_KEYS),
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 2);
    const { spatial } = splitShape(input, config.dataFormat);
    return [joinShape(input[0] ?? null, spatialOf(config, spatial), config.filters, config.dataFormat)];
  },
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const { channels } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
    const field = product(config.kernelSize);
    const effective = [(field * channels) / product(config.strides), field * config.filters] as const;
    const shape = [...config.kernelSize, config.filters, channels];
    const kernel = { name: 'kernel', part: 'kernel', shape, effective, unitAxis: -2 } as const;
    const bias = { name: 'bias', part: 'bias', shape: [config.filters] } as const;
    return (config.useBias ? [kernel, bias] : [kernel]).map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => {
    const { spatial, channels } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
    return product(spatial) * product(config.kernelSize) * channels * config.filters;
  },
};
