import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { type DataFormat, joinShape, readDataFormat, readSizes, spatialRank, splitShape } from './spatial.ts';

export type UpSamplingConfig = {
  readonly rank: number;
  readonly size: readonly number[];
  readonly interpolation:
    'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5' | 'area' | 'gaussian' | 'mitchellcubic';
  readonly dataFormat: DataFormat;
};

const METHODS = [
  'nearest',
  'bilinear',
  'bicubic',
  'lanczos3',
  'lanczos5',
  'area',
  'gaussian',
  'mitchellcubic',
] as const;

/** Positions repeated or interpolated. */
export const upSampling: LayerKind<UpSamplingConfig> = {
  id: 'upSampling',
  classes: ['UpSampling1D', 'UpSampling2D', 'UpSampling3D'],
  signal: 'shape',
  parse: (raw) => {
    const rank = spatialRank(raw.className);
    return {
      config: {
        rank,
        size: readSizes(raw, ['size', 'length'], rank, 2),
        interpolation: raw.string(['interpolation'], METHODS, 'nearest'),
        dataFormat: readDataFormat(raw),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 2);
    const { spatial, channels } = splitShape(input, config.dataFormat);
    const grown = spatial.map((size, i) => size * (config.size[i] ?? 1));
    return [joinShape(input[0] ?? null, grown, channels, config.dataFormat)];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
