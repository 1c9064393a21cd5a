import { readPairs } from './borders.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { type DataFormat, joinShape, readDataFormat, spatialRank, splitShape } from './spatial.ts';

export type PaddingConfig = {
  readonly rank: number;
  /** Zeros before and after, per spatial axis. */
  readonly padding: readonly (readonly [number, number])[];
  readonly dataFormat: DataFormat;
};

/** Zeros around the positions. */
export const padding: LayerKind<PaddingConfig> = {
  id: 'padding',
  classes: ['ZeroPadding1D', 'ZeroPadding2D', 'ZeroPadding3D'],
  signal: 'shape',
  parse: (raw) => {
    const rank = spatialRank(raw.className);
    return {
      config: { rank, padding: readPairs(raw, ['padding'], rank, 1), dataFormat: readDataFormat(raw) },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 2);
    const { spatial, channels } = splitShape(input, config.dataFormat);
    const padded = spatial.map(
      (size, i) => size + (config.padding[i]?.[0] ?? 0) + (config.padding[i]?.[1] ?? 0),
    );
    return [joinShape(input[0] ?? null, padded, channels, config.dataFormat)];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
