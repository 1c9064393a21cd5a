import { countedSize } from '../shape.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type RescalingConfig = {
  readonly scale: number | readonly number[];
  readonly offset: number | readonly number[];
};

const numbers = (value: unknown, fallback: number): number | readonly number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number')
    ? value
    : typeof value === 'number'
      ? value
      : fallback;

/** x · scale + offset, numbers or one per channel. */
export const rescaling: LayerKind<RescalingConfig> = {
  id: 'rescaling',
  classes: ['Rescaling'],
  signal: 'shape',
  parse: (raw) => ({
    config: { scale: numbers(raw.raw('scale'), 1), offset: numbers(raw.raw('offset'), 0) },
    initializers: {},
  }),
  outputs: (_config, inputs) => [onlyInput(inputs)],
  weights: () => [],
  multiplyAdds: (_config, inputs) => countedSize(onlyInput(inputs)),
};
