import { countedSize } from '../shape.ts';
import { declareWeight, knownSize, onlyInput, wholeNumbers } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type PreluConfig = {
  /** Axes (from 1) over which the slope is shared. */
  readonly sharedAxes: readonly number[];
};

/** max(0, z) + alpha · min(0, z) with a slope per unit, shared over `sharedAxes`. */
export const prelu: LayerKind<PreluConfig> = {
  id: 'prelu',
  classes: ['PReLU'],
  signal: 'activation',
  parse: (raw) => {
    const axes: unknown = raw.raw('shared_axes') ?? [];
    const sharedAxes = wholeNumbers(axes);
    return {
      config: { sharedAxes },
      initializers: { alpha: raw.initializer(['alpha_initializer', 'init'], 'zeros') },
    };
  },
  outputs: (_config, inputs) => [onlyInput(inputs, undefined, 2)],
  weights: (parsed, inputs, semantics) => {
    const input = onlyInput(inputs, undefined, 2);
    const shape = input
      .slice(1)
      .map((_size, i) => (parsed.config.sharedAxes.includes(i + 1) ? 1 : knownSize(input, i + 1)));
    return [declareWeight({ name: 'alpha', part: 'scale', shape }, parsed, semantics)];
  },
  multiplyAdds: (_config, inputs) => countedSize(onlyInput(inputs)),
};
