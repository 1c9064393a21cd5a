import { countedSize } from '../shape.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { type DataFormat, joinShape, readDataFormat, spatialRank, splitShape } from './spatial.ts';

export type GlobalPoolingConfig = {
  readonly rank: number;
  readonly op: 'max' | 'average';
  readonly dataFormat: DataFormat;
  readonly keepDims: boolean;
};

const ranks = ['1D', '2D', '3D'];

/** Max or mean over all positions. */
export const globalPooling: LayerKind<GlobalPoolingConfig> = {
  id: 'globalPooling',
  classes: [
    'GlobalMaxPooling',
    'GlobalAveragePooling',
    'GlobalMaxPool',
    'GlobalAvgPool',
    'GlobalAveragePool',
  ].flatMap((name) => ranks.map((rank) => name + rank)),
  signal: 'shape',
  parse: (raw) => ({
    config: {
      rank: spatialRank(raw.className),
      op: raw.className.startsWith('GlobalMax') ? 'max' : 'average',
      dataFormat: readDataFormat(raw),
      keepDims: raw.boolean(['keepdims'], false),
    },
    initializers: {},
  }),
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 2);
    const { spatial, channels } = splitShape(input, config.dataFormat);
    const batch = input[0] ?? null;
    if (!config.keepDims) return [[batch, channels]];
    return [
      joinShape(
        batch,
        spatial.map(() => 1),
        channels,
        config.dataFormat,
      ),
    ];
  },
  weights: () => [],
  multiplyAdds: (_config, inputs) => countedSize(onlyInput(inputs)),
};
