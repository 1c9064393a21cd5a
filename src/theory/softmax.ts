import type { ActivationSpec } from '../model/activations/activation.ts';
import { gaussianExpectation, gaussLegendre } from './quadrature.ts';
import type { Signal } from './signal.ts';

const POWERS = new Map<string, number>();
const OUTER = gaussLegendre(64);

/**
 * E[p²] of one entry of a softmax over `classes` independent N(0, variance) logits. With S = Σeᶻ, 1/S² = ∫ t·e^(−tS) dt, so that
 * E[p²] = ∫ t·E[e^(2z − t·eᶻ)]·E[e^(−t·eᶻ)]^(C−1) dt, taken over ln t.
 */
function softmaxPower(classes: number, variance: number): number {
  if (variance < 1e-8 || classes < 2) return 1 / (classes * classes);
  const key = `${classes}|${variance.toPrecision(3)}`;
  const known = POWERS.get(key);
  if (known !== undefined) return known;
  const s = Math.sqrt(variance);
  const low = -6 * s - 12 - Math.log(classes);
  const high = 6 * s + 5;
  let sum = 0;
  for (let index = 0; index < OUTER.nodes.length; index += 1) {
    const u = low + ((high - low) / 2) * (1 + (OUTER.nodes[index] ?? 0));
    const t = Math.exp(u);
    const rest = gaussianExpectation((z) => Math.exp(-t * Math.exp(z)), 0, variance);
    const own = gaussianExpectation((z) => Math.exp(2 * z - t * Math.exp(z)), 0, variance);
    sum += (OUTER.weights[index] ?? 0) * t * t * own * rest ** (classes - 1);
  }
  const power = Math.min(1 / classes, Math.max(1 / (classes * classes), (sum * (high - low)) / 2));
  POWERS.set(key, power);
  return power;
}

/**
 * Softmax (or log-softmax, sparsemax) of normal logits over `classes`, by `softmaxPower`.
 */
export function softmaxSignal(activation: ActivationSpec, logits: Signal, classes: number): Signal {
  const variance = Math.max(0, logits.second - logits.unit);
  const common = Math.max(0, logits.cross - logits.unitCross);
  const { logVariance } = logits;
  if (activation.id === 'log_softmax') {
    const level = -Math.log(classes) - Math.min(variance / 2, Math.sqrt(2 * variance * Math.log(classes)));
    const square = level * level;
    return {
      mean: level,
      second: square + variance,
      cross: square + common,
      unit: square,
      unitCross: square,
      logVariance,
    };
  }
  const square = 1 / (classes * classes);
  const power = (s: number): number => softmaxPower(classes, s);
  return {
    mean: 1 / classes,
    second: power(variance),
    cross: power(common),
    unit: square,
    unitCross: square,
    logVariance: logVariance * Math.min(1, variance),
  };
}

/**
 * Share of the squared gradient that softmax hands back: E[Σp²δ² − 2(Σp²δ)(p·δ) + Σp²(p·δ)²] for independent δ, with E[p³] taken as of a
 * lognormal p; for log-softmax, δ − pΣδ, it is 1 − 2/C + E[Σp²].
 */
export function softmaxSlope(activation: ActivationSpec, logits: Signal, classes: number): number {
  const power = softmaxPower(classes, Math.max(0, logits.second - logits.unit));
  if (activation.id === 'log_softmax') return 1 - 2 / classes + classes * power;
  return power - 2 * Math.min(power, (classes * power) ** 3) + classes * power * power;
}
