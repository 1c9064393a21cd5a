import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationKind } from '../model/activations/catalogue.ts';
import { activationMoments, exactMoments } from './activationMoments.ts';

/** Row of theory.md §4.1 for one activation at unit pre-activation variance. */
interface GainRow {
  readonly mean: number;
  readonly second: number;
  /** E[φ²]^(−1/2): keeps the forward second moment. */
  readonly forward: number;
  /** E[φ′²]^(−1/2): keeps the backward one. */
  readonly backward: number;
  /** Growth of the gradient's std per layer when the forward gain is used with equal widths. */
  readonly gradientPerLayer: number;
  /** dq′/dq at q = 1 with the forward gain: above 1 the unit-variance point is unstable. */
  readonly slope: number;
}

/** Gains by quadrature split at the kinks (four digits and more); undefined for activations over an axis. */
export function gains(spec: ActivationSpec): GainRow | undefined {
  if (activationKind(spec.id).value === undefined) return undefined;
  const moments = exactMoments(spec, 0, 1);
  const forward = 1 / Math.sqrt(moments.second);
  const backward = 1 / Math.sqrt(moments.slopeSquared);
  return {
    mean: moments.mean,
    second: moments.second,
    forward,
    backward,
    gradientPerLayer: forward / backward,
    slope: moments.elasticity,
  };
}

/** A point on (or off) the critical line of mean-field theory. */
interface FixedPoint {
  /** q*: the pre-activation variance a deep net settles at. */
  readonly variance: number;
  /** χ₁ = σ_w²·E[φ′²]: growth of the squared gradient per layer. */
  readonly chi: number;
  /** Depth scales ξ_q and ξ_c = −1/ln χ₁ (of the variance and of correlations). */
  readonly depthVariance: number;
  readonly depthCorrelation: number;
}

/** Iterates q ← σ_w²·E[φ(√q z)²] + σ_b² to its fixed point (Poole 2016). Undefined when it diverges. */
export function fixedPoint(
  spec: ActivationSpec,
  weightVariance: number,
  biasVariance: number,
): FixedPoint | undefined {
  let q = 1;
  for (let step = 0; step < 20_000; step += 1) {
    const next = weightVariance * (activationMoments(spec, 0, q)?.second ?? NaN) + biasVariance;
    if (!(next < 1e20)) return undefined;
    const done = Math.abs(next - q) <= 1e-13 * q;
    q = next;
    if (done || q < 1e-50) break;
  }
  const moments = exactMoments(spec, 0, q);
  const chi = weightVariance * moments.slopeSquared;
  const slope = (weightVariance * moments.elasticity * moments.second) / q;
  return { variance: q, chi, depthVariance: -1 / Math.log(slope), depthCorrelation: -1 / Math.log(chi) };
}
