import { countedSize } from '../shape.ts';
import { declareWeight, knownSize, onlyInput, positiveAxis, wholeNumber } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { scaleAndOffset } from './scaleAndOffset.ts';

export type BatchNormConfig = {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly center: boolean;
  readonly scale: boolean;
};

/** Normalization over the batch and all positions per channel of `axis`; weights gamma, beta, moving mean and variance. */
export const batchNorm: LayerKind<BatchNormConfig> = {
  id: 'batchNorm',
  classes: [
    ...['BatchNormalization', 'BatchNormalizationV1', 'BatchNormalizationV2', 'SyncBatchNormalization'],
    'FusedBatchNormalization',
  ],
  signal: 'norm',
  parse: (raw) => {
    const axis: unknown = raw.raw('axis');
    const listed = Array.isArray(axis) && axis.length === 1;
    return {
      config: {
        axis: listed ? wholeNumber(axis[0]) : raw.number(['axis'], -1),
        epsilon: raw.number(['epsilon'], 1e-3),
        momentum: raw.number(['momentum'], 0.99),
        center: raw.boolean(['center'], true),
        scale: raw.boolean(['scale'], true),
      },
      initializers: {
        gamma: raw.initializer(['gamma_initializer', 'gamma_init'], 'ones'),
        beta: raw.initializer(['beta_initializer', 'beta_init'], 'zeros'),
        moving_mean: raw.initializer(['moving_mean_initializer'], 'zeros'),
        moving_variance: raw.initializer(['moving_variance_initializer'], 'ones'),
      },
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, undefined, 2);
    positiveAxis(config.axis, input.length);
    return [input];
  },
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const input = onlyInput(inputs, undefined, 2);
    const shape = [knownSize(input, positiveAxis(config.axis, input.length))];
    const statistic = { part: 'statistic', shape, trainable: false } as const;
    return [
      ...scaleAndOffset(config, shape),
      { ...statistic, name: 'moving_mean' },
      { ...statistic, name: 'moving_variance' },
    ].map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (_config, inputs) => 2 * countedSize(onlyInput(inputs)),
};
