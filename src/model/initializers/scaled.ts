import type { Semantics } from '../semantics.ts';
import type { InitializerKind, Law, WeightFans } from './initializer.ts';

/** Standard deviation of a standard normal truncated at ±2 (the constant in Keras's random_initializers.py). */
export const TRUNCATED_STD = 0.87962566103423978;

/** Which fan divides the scale of a variance-scaling initializer. */
export type FanMode = 'fanIn' | 'fanOut' | 'fanAvg';

/** The size that the scale is divided by; never below 1, as in every framework. */
export function fanOf(mode: FanMode, fans: WeightFans): number {
  const fan =
    mode === 'fanIn' ? fans.fanIn : mode === 'fanOut' ? fans.fanOut : (fans.fanIn + fans.fanOut) / 2;
  return Math.max(1, fan);
}

/**
 * Variance scaling as a framework really draws it (theory.md §3.1, §5): Keras divides the normal's deviation by 0.8796
 * before truncating; TF.js does not, and takes every other distribution than `normal` for uniform; PyTorch does not truncate.
 */
export function scaledLaw(
  scale: number,
  mode: FanMode,
  distribution: string,
  fans: WeightFans,
  semantics: Semantics,
): Law {
  const variance = scale / fanOf(mode, fans);
  const stddev = Math.sqrt(variance);
  const uniform = distribution === 'uniform' || (semantics === 'tfjs' && distribution !== 'normal');
  if (uniform) return { kind: 'uniform', low: -Math.sqrt(3 * variance), high: Math.sqrt(3 * variance) };
  if (distribution === 'untruncatedNormal' || semantics === 'pytorch')
    return { kind: 'normal', mean: 0, stddev };
  return {
    kind: 'truncatedNormal',
    mean: 0,
    stddev: semantics === 'tfjs' ? stddev : stddev / TRUNCATED_STD,
  };
}

const pythonMode = { fanIn: 'fan_in', fanOut: 'fan_out', fanAvg: 'fan_avg' } as const;

/** The mode as Python frameworks and serialized configs spell it. */
export function spelledMode(mode: FanMode): string {
  return pythonMode[mode];
}

const TRAP =
  'TF.js truncates at ±2 deviations without dividing by 0.8796: the weights have 0.774 of the variance that the name says';

/** A named case of variance scaling (he, glorot, lecun). PyTorch's xavier functions may carry a gain. */
export function presetKind(preset: {
  readonly id: string;
  readonly names: readonly string[];
  readonly className: string;
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: 'normal' | 'uniform';
  readonly torch?: string;
}): InitializerKind {
  const { scale, mode, distribution } = preset;
  const gainOf = (params: Readonly<Record<string, number | string>>): number => Number(params['gain'] ?? 1);
  return {
    id: preset.id,
    names: preset.names,
    params: (written, semantics) =>
      semantics === 'pytorch' && typeof written['gain'] === 'number' ? { gain: written['gain'] } : {},
    law: (params, fans, semantics) =>
      scaledLaw(scale * gainOf(params) ** 2, mode, distribution, fans, semantics),
    serialize: (params, target) => {
      if (target === 'pytorch') {
        if (preset.torch === undefined) return undefined;
        if (preset.torch.startsWith('kaiming'))
          return { className: preset.torch, config: { nonlinearity: scale === 2 ? 'relu' : 'linear' } };
        const gain = gainOf(params) * Math.sqrt(scale);
        return { className: preset.torch, config: gain === 1 ? {} : { gain } };
      }
      if (gainOf(params) !== 1) return undefined;
      return target === 'tfjs'
        ? { className: 'VarianceScaling', config: { scale, mode: spelledMode(mode), distribution } }
        : { className: preset.className, config: {} };
    },
    trap: (_written, semantics) => (semantics === 'tfjs' && distribution === 'normal' ? TRAP : undefined),
    scaled: (params) => ({ scale: scale * gainOf(params) ** 2, mode, distribution }),
  };
}

/** The one line about TF.js's missing correction, shared with `VarianceScaling`. */
export const UNCORRECTED_TRAP = TRAP;
