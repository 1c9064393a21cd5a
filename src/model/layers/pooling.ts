import { onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';
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
  readonly rank: number;
  readonly op: 'max' | 'average';
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dataFormat: DataFormat;
};

const ranks = ['1D', '2D', '3D'];

/** Max and average pooling of rank 1 to 3; strides default to the window. */
export const pooling: LayerKind<PoolingConfig> = {
  id: 'pooling',
  classes: ['MaxPooling', 'AveragePooling', 'MaxPool', 'AvgPool', 'AveragePool'].flatMap((name) =>
    ranks.map((rank) => name + rank),
  ),
  signal: 'shape',
  parse: (raw) => {
    const rank = spatialRank(raw.className);
    const poolSize = readSizes(raw, ['pool_size', 'pool_length'], rank, 2);
    const strided = (raw.raw('strides', 'stride') ?? null) !== null;
    return {
      config: {
        rank,
        op: raw.className.startsWith('Max') ? 'max' : 'average',
        poolSize,
        strides: strided ? readSizes(raw, ['strides', 'stride'], rank) : poolSize,
        padding: readPadding(raw),
        dataFormat: readDataFormat(raw),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 2);
    const { spatial, channels } = splitShape(input, config.dataFormat);
    const pooled = spatial.map((size, i) =>
      windowLength(size, config.poolSize[i] ?? 1, config.strides[i] ?? 1, 1, config.padding),
    );
    return [joinShape(input[0] ?? null, pooled, channels, config.dataFormat)];
  },
  weights: () => [],
  multiplyAdds: (_config, inputs) =>
    product(
      onlyInput(inputs)
        .slice(1)
        .map((size) => size ?? 1),
    ),
};
