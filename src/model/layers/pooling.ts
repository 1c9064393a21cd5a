import { countedSize } from '../shape.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind, RawConfig } from './kind.ts';
import {
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

export type PoolingConfig = {
  /** Spatial axes; null for as many as the input has (operations do not say), the window alike along all. */
  readonly rank: number | null;
  readonly op: 'max' | 'average';
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dataFormat: DataFormat;
};

const ranks = ['', '1D', '2D', '3D'];

/** The config for an input of this many dimensions, its window and strides one number per spatial axis. */
export function pooledOver(
  config: PoolingConfig,
  dimensions: number,
): PoolingConfig & { readonly rank: number } {
  const rank = config.rank ?? dimensions - 2;
  const each = (sizes: readonly number[]): readonly number[] =>
    config.rank === null ? Array.from({ length: rank }, () => sizes[0] ?? 1) : sizes;
  return { ...config, rank, poolSize: each(config.poolSize), strides: each(config.strides) };
}

/** Spatial axes by the class name, or else by a list among the sizes. */
function rankOf(raw: RawConfig): number | null {
  if (/[123]D$/.test(raw.className)) return spatialRank(raw.className);
  const list = [raw.raw('pool_size'), raw.raw('strides')].find((sizes) => Array.isArray(sizes));
  return Array.isArray(list) ? list.length : null;
}

/** Max and average pooling of rank 1 to 3; strides default to the window. The classes without a rank are operations of functional models. */
export const pooling: LayerKind<PoolingConfig> = {
  id: 'pooling',
  classes: ['MaxPooling', 'AveragePooling', 'MaxPool', 'AvgPool', 'AveragePool'].flatMap((name) =>
    ranks.map((rank) => name + rank),
  ),
  signal: 'shape',
  parse: (raw) => {
    const rank = rankOf(raw);
    const poolSize = readSizes(raw, ['pool_size', 'pool_length'], rank ?? 1, 2);
    const strided = (raw.raw('strides', 'stride') ?? null) !== null;
    return {
      config: {
        rank,
        op: raw.className.startsWith('Max') ? 'max' : 'average',
        poolSize,
        strides: strided ? readSizes(raw, ['strides', 'stride'], rank ?? 1) : poolSize,
        padding: readPadding(raw),
        dataFormat: readDataFormat(raw),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank === null ? undefined : config.rank + 2, 3);
    const { poolSize, strides } = pooledOver(config, input.length);
    const { spatial, channels } = splitShape(input, config.dataFormat);
    const pooled = spatial.map((size, i) =>
      windowLength(size, poolSize[i] ?? 1, strides[i] ?? 1, 1, config.padding),
    );
    return [joinShape(input[0] ?? null, pooled, channels, config.dataFormat)];
  },
  weights: () => [],
  multiplyAdds: (_config, inputs) => countedSize(onlyInput(inputs)),
};
