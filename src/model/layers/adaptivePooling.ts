import { countedSize } from '../shape.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { type DataFormat, joinShape, readDataFormat, readSizes, spatialRank, splitShape } from './spatial.ts';

export type AdaptivePoolingConfig = {
  readonly rank: number;
  readonly op: 'max' | 'average';
  readonly outputSize: readonly number[];
  readonly dataFormat: DataFormat;
};

/** Max and mean over as many windows as the output has places; windows may overlap and differ in size. */
export const adaptivePooling: LayerKind<AdaptivePoolingConfig> = {
  id: 'adaptivePooling',
  classes: ['Max', 'Average'].flatMap((op) =>
    ['1D', '2D', '3D'].map((rank) => `Adaptive${op}Pooling${rank}`),
  ),
  signal: 'shape',
  parse: (raw) => {
    const rank = spatialRank(raw.className);
    return {
      config: {
        rank,
        op: raw.className.startsWith('AdaptiveMax') ? 'max' : 'average',
        outputSize: readSizes(raw, ['output_size'], rank),
        dataFormat: readDataFormat(raw),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 2);
    const { channels } = splitShape(input, config.dataFormat);
    return [joinShape(input[0] ?? null, config.outputSize, channels, config.dataFormat)];
  },
  weights: () => [],
  multiplyAdds: (_config, inputs) => countedSize(onlyInput(inputs)),
};
