import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationMoments } from './activationMoments.ts';
import { bentProfile, mixProfiles } from './profiles.ts';
import type { ActivationMoments } from './rowMoments.ts';

/**
 * Second-moment description of a tensor over weights and N(0,1) data. `second` E[a²]; `cross` the same unit seen on two
 * samples (or positions far apart, which behave alike for independent inputs); `unit` two units of one sample; `unitCross` two
 * units of two samples. `logVariance`: variance over seeds of ln(second) from finite width (theory.md §3.0).
 */
export interface Signal {
  readonly mean: number;
  readonly second: number;
  readonly cross: number;
  readonly unit: number;
  readonly unitCross: number;
  readonly logVariance: number;
  /** The same unit at two positions of one sample, and of two samples; absent where there are no positions. */
  readonly place?: number;
  readonly far?: number;
  /** Second moment by position along each spatial axis, relative to its average; absent where all positions are alike. */
  readonly profile?: readonly Float64Array[];
  /** Set where the values are φ(z) of an exchangeable normal z: what max-pooling needs. */
  readonly gaussian?: GaussianSource;
}

/** The normal pre-activation behind a signal. */
export interface GaussianSource {
  readonly activation: ActivationSpec;
  readonly mean: number;
  readonly variance: number;
  /** Correlation of two samples of the same unit. */
  readonly correlation: number;
  /** Correlation of two positions of one sample, and of two samples. */
  readonly places: number;
  readonly far: number;
}

/** N(0,1) inputs. */
export const UNIT_INPUT: Signal = { mean: 0, second: 1, cross: 0, unit: 0, unitCross: 0, logVariance: 0 };

/** First two moments of a weight as it is drawn. */
export interface WeightMoments {
  readonly mean: number;
  readonly variance: number;
}

/** Nothing is added. */
export const NO_BIAS: WeightMoments = { mean: 0, variance: 0 };

/** Moments of Σ over `fanIn` terms w·x plus b, w and b independent of x. `seen` is the share of terms that are not padding, `seenBoth` of those that are not at two positions. */
export function affine(
  input: Signal,
  fanIn: number,
  kernel: WeightMoments,
  bias: WeightMoments,
  seen = 1,
  seenBoth = seen,
): Signal {
  const terms = fanIn * seen;
  const pairs = terms * Math.max(terms - 1, 0);
  const spread = kernel.variance * terms;
  const square = kernel.mean * kernel.mean;
  const common = square * (terms * input.second + pairs * input.unit);
  const commonCross = square * (terms * input.cross + pairs * input.unitCross);
  const biasSquare = bias.mean * bias.mean;
  const shift = kernel.mean * terms * input.mean;
  const overlap = 2 * shift * bias.mean + biasSquare;
  const second = spread * input.second + common + bias.variance + overlap;
  const carried = second > 0 ? (second - bias.variance - biasSquare) / second : 0;
  const other = (value: number): number =>
    kernel.variance * fanIn * seenBoth * value + commonCross + bias.variance + overlap;
  const moments = {
    mean: shift + bias.mean,
    second,
    cross: spread * input.cross + commonCross + bias.variance + overlap,
    unit: common + overlap,
    unitCross: commonCross + overlap,
    logVariance: input.logVariance * carried * carried,
  };
  if (input.place === undefined && input.far === undefined) return moments;
  return {
    ...moments,
    ...(input.place === undefined ? {} : { place: Math.min(second, other(input.place)) }),
    ...(input.far === undefined ? {} : { far: Math.min(second, other(input.far)) }),
  };
}

/** What an elementwise activation makes of a (jointly) normal z, with what the backward pass needs. */
interface Activated {
  readonly output: Signal;
  readonly slopeSquared: number;
  readonly zeros: number;
  readonly saturated: number;
}

/** Variance over seeds that `units` of these moments add to ln of the layer's second moment: (κ − 1)/n. */
export function widthVariance(moments: ActivationMoments, units: number): number {
  const { second, fourth } = moments;
  return second > 0 ? Math.max(0, fourth / (second * second) - 1) / units : 0;
}

/** The variance of a normal z over weights and data. */
export function varianceOf(z: Signal): number {
  return Math.max(0, z.second - z.mean * z.mean);
}

/** Correlation of two such z with this mean product. */
function correlationOf(z: Signal, variance: number, product: number): number {
  return variance > 0 ? (product - z.mean * z.mean) / variance : 1;
}

/** Moments over units and samples of φ(z), where these are φ's at the mean and variance of z; what depth adds to `logVariance` is left out. */
export function bent(z: Signal, variance: number, moments: ActivationMoments): Signal {
  const cross = moments.dual(correlationOf(z, variance, z.cross));
  return {
    mean: moments.mean,
    second: moments.second,
    cross,
    unit: z.unit === z.cross ? cross : moments.dual(correlationOf(z, variance, z.unit)),
    unitCross: z.unitCross === z.cross ? cross : moments.dual(correlationOf(z, variance, z.unitCross)),
    logVariance: z.logVariance,
  };
}

/** φ applied to a normal z. `units`: independent units of this layer (its width). Undefined for activations over an axis. */
export function activate(z: Signal, activation: ActivationSpec, units: number): Activated | undefined {
  const variance = varianceOf(z);
  const moments = activationMoments(activation, z.mean, variance);
  if (moments === undefined) return undefined;
  const correlation = (value: number): number => correlationOf(z, variance, value);
  const seen = z.profile === undefined ? 1 : Math.max(correlation(z.cross) ** 2, 1 / 64);
  const elasticity = Math.min(moments.elasticity, 2);
  const output: Signal = {
    ...bent(z, variance, moments),
    logVariance: z.logVariance * elasticity * elasticity + widthVariance(moments, units) * seen,
    gaussian: {
      activation,
      mean: z.mean,
      variance,
      correlation: correlation(z.cross),
      places: correlation(z.place ?? z.cross),
      far: correlation(z.far ?? z.cross),
    },
  };
  const everywhere = z.place === undefined && z.far === undefined && z.profile === undefined;
  return {
    output: everywhere
      ? output
      : {
          ...output,
          ...(z.place === undefined ? {} : { place: moments.dual(correlation(z.place)) }),
          ...(z.far === undefined ? {} : { far: moments.dual(correlation(z.far)) }),
          ...(z.profile === undefined ? {} : { profile: bentProfile(z.profile, elasticity) }),
        },
    slopeSquared: moments.slopeSquared,
    zeros: moments.zeros,
    saturated: moments.saturated,
  };
}

/** The signal times a constant. */
export function scaled(signal: Signal, factor: number): Signal {
  const square = factor * factor;
  const { profile, logVariance } = signal;
  return {
    mean: signal.mean * factor,
    second: signal.second * square,
    cross: signal.cross * square,
    unit: signal.unit * square,
    unitCross: signal.unitCross * square,
    logVariance,
    ...(signal.place === undefined ? {} : { place: signal.place * square }),
    ...(signal.far === undefined ? {} : { far: signal.far * square }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Sum of independent signals with these factors. */
export function sum(signals: readonly Signal[], factors: readonly number[]): Signal {
  let result: Signal | undefined;
  for (const [index, signal] of signals.entries()) {
    const term = scaled(signal, factors[index] ?? 1);
    result = result === undefined ? term : addPair(result, term);
  }
  return result ?? { ...UNIT_INPUT, second: 0 };
}

function addPair(left: Signal, right: Signal): Signal {
  const both = 2 * left.mean * right.mean;
  const second = left.second + right.second + both;
  const share = second > 0 ? left.second / second : 0;
  const other = second > 0 ? right.second / second : 0;
  const profile = mixProfiles(left, right);
  return {
    mean: left.mean + right.mean,
    second,
    cross: left.cross + right.cross + both,
    unit: left.unit + right.unit + both,
    unitCross: left.unitCross + right.unitCross + both,
    ...paired(left, right, (a, b) => a + b + both),
    logVariance:
      share * share * left.logVariance +
      other * other * right.logVariance +
      2 * share * other * Math.min(left.logVariance, right.logVariance),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Moments over positions of a combination, where at least one has positions (the other is alike at all of them). */
export function paired(
  left: Signal,
  right: Signal,
  join: (left: number, right: number) => number,
): Pick<Signal, 'place' | 'far'> {
  if (left.place === undefined && right.place === undefined) return {};
  return {
    place: join(left.place ?? left.second, right.place ?? right.second),
    far: join(left.far ?? left.cross, right.far ?? right.cross),
  };
}
