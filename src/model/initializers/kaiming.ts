import { InputError } from '../problem.ts';
import type { InitializerKind } from './initializer.ts';
import { camelCase, numberParameter } from './parameter.ts';
import { type FanMode, fanOf, spelledMode } from './scaled.ts';

/** `torch.nn.init.calculate_gain` (theory.md §3.8). Throws an InputError for what raises there. */
export function torchGain(nonlinearity: string, a: number): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + a * a));
    case 'selu':
      return 0.75;
    case 'linear':
    case 'sigmoid':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
      return 1;
    default:
      throw new InputError({
        message: `PyTorch has no gain for "${nonlinearity}".`,
        expected: 'linear, sigmoid, tanh, relu, leaky_relu, selu',
      });
  }
}

function kaiming(id: string, names: readonly string[], uniform: boolean): InitializerKind {
  const scaleOf = (params: Readonly<Record<string, number | string>>): number =>
    torchGain(String(params['nonlinearity']), Number(params['a'])) ** 2;
  return {
    id,
    names,
    params: (written) => ({
      a: numberParameter(written, ['a'], 0),
      mode: typeof written['mode'] === 'string' ? camelCase(written['mode']) : 'fanIn',
      nonlinearity: typeof written['nonlinearity'] === 'string' ? written['nonlinearity'] : 'leaky_relu',
    }),
    law: (params, fans) => {
      const variance = scaleOf(params) / fanOf(params['mode'] as FanMode, fans);
      const limit = Math.sqrt(3 * variance);
      return uniform
        ? { kind: 'uniform', low: -limit, high: limit }
        : { kind: 'normal', mean: 0, stddev: Math.sqrt(variance) };
    },
    serialize: (params, target) =>
      target === 'pytorch'
        ? {
            className: names[0] ?? id,
            config: {
              ...(params['a'] === 0 ? {} : { a: params['a'] ?? 0 }),
              ...(params['mode'] === 'fanIn' ? {} : { mode: spelledMode(params['mode'] as FanMode) }),
              nonlinearity: params['nonlinearity'] ?? 'leaky_relu',
            },
          }
        : undefined,
    scaled: (params) => ({
      scale: scaleOf(params),
      mode: params['mode'] as FanMode,
      distribution: uniform ? 'uniform' : 'untruncatedNormal',
    }),
  };
}

/** PyTorch's `kaiming_normal_`: variance gain²/fan, not truncated. */
export const kaimingNormal = kaiming('kaimingNormal', ['kaiming_normal_', 'kaiming_normal'], false);

/** PyTorch's `kaiming_uniform_`; with a = √5 the default of Linear and Conv: U(±1/√fan_in). */
export const kaimingUniform = kaiming('kaimingUniform', ['kaiming_uniform_', 'kaiming_uniform'], true);
