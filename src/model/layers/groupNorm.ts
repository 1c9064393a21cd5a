import { InputError } from '../problem.ts';
import { countedSize } from '../shape.ts';
import { declareWeight, knownSize, onlyInput, positiveAxis } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { scaleAndOffset } from './scaleAndOffset.ts';

export type GroupNormConfig = {
  /** −1: one group per channel (instance normalization). */
  readonly groups: number;
  readonly axis: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
};

/** Normalization of each sample over positions and the channels of a group. */
export const groupNorm: LayerKind<GroupNormConfig> = {
  id: 'groupNorm',
  classes: ['GroupNormalization'],
  signal: 'norm',
  parse: (raw) => ({
    config: {
      groups: raw.number(['groups'], 32),
      axis: raw.number(['axis'], -1),
      epsilon: raw.number(['epsilon'], 1e-3),
      center: raw.boolean(['center'], true),
      scale: raw.boolean(['scale'], true),
    },
    initializers: {
      gamma: raw.initializer(['gamma_initializer'], 'ones'),
      beta: raw.initializer(['beta_initializer'], 'zeros'),
    },
  }),
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, undefined, 2);
    const channels = knownSize(input, positiveAxis(config.axis, input.length));
    if (config.groups !== -1 && (config.groups < 1 || channels % config.groups !== 0))
      throw new InputError({
        message: 'The groups do not divide the channels.',
        found: `${channels} channels, ${config.groups} groups`,
        expected: 'a number of groups that divides the channels',
      });
    return [input];
  },
  weights: (parsed, inputs, semantics) => {
    const input = onlyInput(inputs);
    const shape = [knownSize(input, positiveAxis(parsed.config.axis, input.length))];
    return scaleAndOffset(parsed.config, shape).map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (_config, inputs) => 2 * countedSize(onlyInput(inputs)),
};
