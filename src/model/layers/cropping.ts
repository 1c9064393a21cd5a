import { InputError } from '../problem.ts';
import { formatShape } from '../shape.ts';
import { readPairs } from './borders.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { type DataFormat, joinShape, readDataFormat, spatialRank, splitShape } from './spatial.ts';

export type CroppingConfig = {
  readonly rank: number;
  /** Positions cut before and after, per spatial axis. */
  readonly cropping: readonly (readonly [number, number])[];
  readonly dataFormat: DataFormat;
};

/** Positions cut from the borders. */
export const cropping: LayerKind<CroppingConfig> = {
  id: 'cropping',
  classes: ['Cropping1D', 'Cropping2D', 'Cropping3D'],
  signal: 'shape',
  parse: (raw) => {
    const rank = spatialRank(raw.className);
    return {
      config: {
        rank,
        cropping: readPairs(raw, ['cropping'], rank, rank === 2 ? 0 : 1),
        dataFormat: readDataFormat(raw),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 2);
    const { spatial, channels } = splitShape(input, config.dataFormat);
    const kept = spatial.map(
      (size, i) => size - (config.cropping[i]?.[0] ?? 0) - (config.cropping[i]?.[1] ?? 0),
    );
    if (kept.some((size) => size < 1))
      throw new InputError({
        message: 'The cropping leaves nothing of the input.',
        found: formatShape(input),
      });
    return [joinShape(input[0] ?? null, kept, channels, config.dataFormat)];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
