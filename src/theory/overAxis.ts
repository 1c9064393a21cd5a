import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationMoments } from './activationMoments.ts';
import type { Signal } from './signal.ts';
import { softmaxSignal, softmaxSlope } from './softmax.ts';

/** What an activation over an axis makes of normal logits: its output, and the share of the squared gradient it hands back. */
interface OverAxis {
  readonly output: Signal;
  readonly slopeSquared: number;
}

const SIGMOID: ActivationSpec = { id: 'sigmoid', params: {}, written: 'sigmoid' };

/**
 * glu, a·σ(b) of two halves of an axis that are independent and alike: every moment is that of z times that of σ(z). The squared gradient
 * of an output goes to a by σ² and to b by a²·σ′². `units` is the width of a half.
 */
function glu(z: Signal, units: number): OverAxis {
  const square = z.mean * z.mean;
  const variance = Math.max(0, z.second - square);
  const gate = activationMoments(SIGMOID, z.mean, variance);
  if (gate === undefined) return { output: z, slopeSquared: 1 };
  const gated = (value: number): number => value * gate.dual(variance > 0 ? (value - square) / variance : 1);
  const second = z.second * gate.second;
  const fourth = (square * square + 6 * square * variance + 3 * variance * variance) * gate.fourth;
  const ownWidth = second > 0 ? (fourth / (second * second) - 1) / units : 0;
  return {
    output: {
      mean: z.mean * gate.mean,
      second,
      cross: gated(z.cross),
      unit: gated(z.unit),
      unitCross: gated(z.unitCross),
      ...(z.place === undefined ? {} : { place: gated(z.place) }),
      ...(z.far === undefined ? {} : { far: gated(z.far) }),
      logVariance: z.logVariance * (1 + gate.elasticity) ** 2 + ownWidth,
    },
    slopeSquared: gate.second + z.second * gate.slopeSquared,
  };
}

/** The moments of softmax, log-softmax, sparsemax and glu. `units`: of the output. */
export function overAxis(activation: ActivationSpec, z: Signal, units: number): OverAxis {
  if (activation.id === 'glu') return glu(z, units);
  return { output: softmaxSignal(activation, z, units), slopeSquared: softmaxSlope(activation, z, units) };
}
