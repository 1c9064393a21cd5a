import { countedSize } from '../shape.ts';
import { declareWeight, onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { axisSizes, readAxes } from './normAxes.ts';

export type RmsNormConfig = {
  readonly axes: readonly number[];
  readonly epsilon: number;
  /** The operation of this name may go without a scale; the layer always has one. */
  readonly scaled: boolean;
};

/** Division of each sample by its root mean square over `axes`, times a scale that starts at 1. */
export const rmsNorm: LayerKind<RmsNormConfig> = {
  id: 'rmsNorm',
  classes: ['RMSNormalization'],
  signal: 'norm',
  parse: (raw) => ({
    config: {
      axes: readAxes(raw, -1),
      epsilon: raw.number(['epsilon'], 1e-6),
      scaled: raw.boolean(['scale'], true),
    },
    initializers: { scale: raw.initializer(['scale_initializer'], 'ones') },
  }),
  outputs: (_config, inputs) => [onlyInput(inputs, undefined, 2)],
  weights: (parsed, inputs, semantics) => {
    if (!parsed.config.scaled) return [];
    const shape = axisSizes(parsed.config.axes, onlyInput(inputs));
    return [declareWeight({ name: 'scale', part: 'scale', shape }, parsed, semantics)];
  },
  multiplyAdds: (_config, inputs) => 2 * countedSize(onlyInput(inputs)),
};
