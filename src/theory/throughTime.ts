import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationMoments } from './activationMoments.ts';
import type { Signal } from './signal.ts';

/** Squared gradients that one step passes on: at its gates, at what the recurrent kernel gave, and at the states before it. */
interface StepGradient {
  /** At the pre-activations of all gates: what the input kernel sends back. */
  readonly gates: number;
  /** At the products with the recurrent kernel. */
  readonly recurrent: number;
  /** At the previous state, not counting the recurrent kernel. */
  readonly state: number;
  /** At the previous carry. */
  readonly carry: number;
}

/** The way back through one step, from squared gradients at its state and carry. */
export type StepBack = (state: number, carry: number) => StepGradient;

const slopeOf = (z: Signal, activation: ActivationSpec): number =>
  activationMoments(activation, z.mean, Math.max(0, z.second - z.mean * z.mean))?.slopeSquared ?? 0;

/** h = φ(z). */
export function simpleBack(pre: Signal, activation: ActivationSpec): StepBack {
  const slope = slopeOf(pre, activation);
  return (state) => ({ gates: state * slope, recurrent: state * slope, state: 0, carry: 0 });
}

/** Moments of one LSTM step. */
interface LstmMoments {
  readonly pre: Signal;
  readonly forgetPre: Signal;
  readonly gate: Signal;
  readonly forget: Signal;
  readonly candidate: Signal;
  readonly carry: Signal;
  readonly next: Signal;
  readonly squashed: Signal;
}

/**
 * c = f∘c′ + i∘g, h = o∘φ(c) with gates, candidate and states taken as independent of each other and of the gradient (the mean field
 * of Gilboa et al. 2019, Dynamical isometry and a mean field theory of LSTMs and GRUs, arXiv 1901.08987).
 */
export function lstmBack(
  { pre, forgetPre, gate, forget, candidate, carry, next, squashed }: LstmMoments,
  activation: ActivationSpec,
  gateActivation: ActivationSpec,
): StepBack {
  const gateSlope = slopeOf(pre, gateActivation);
  const forgetSlope = slopeOf(forgetPre, gateActivation);
  const intoCarry = gate.second * slopeOf(next, activation);
  const perCarry =
    candidate.second * gateSlope + gate.second * slopeOf(pre, activation) + carry.second * forgetSlope;
  const perState = squashed.second * gateSlope;
  return (state, fromNext) => {
    const atCarry = fromNext + state * intoCarry;
    const gates = state * perState + atCarry * perCarry;
    return { gates, recurrent: gates, state: 0, carry: atCarry * forget.second };
  };
}

/** Moments of one GRU step. */
interface GruMoments {
  readonly pre: Signal;
  readonly candidatePre: Signal;
  readonly gate: Signal;
  readonly rest: Signal;
  readonly candidate: Signal;
  readonly state: Signal;
  /** Second moment of a product of the state with the recurrent kernel. */
  readonly product: number;
}

/** h = z∘h′ + (1 − z)∘g, g = φ(Wx + r∘Uh′), under the same independence. Reset before the product gives the same energies. */
export function gruBack(
  { pre, candidatePre, gate, rest, candidate, state: before, product }: GruMoments,
  activation: ActivationSpec,
  gateActivation: ActivationSpec,
): StepBack {
  const gateSlope = slopeOf(pre, gateActivation);
  const toCandidate = rest.second * slopeOf(candidatePre, activation);
  const toUpdate = (before.second + candidate.second - 2 * before.mean * candidate.mean) * gateSlope;
  return (state) => {
    const atCandidate = state * toCandidate;
    const atUpdate = state * toUpdate;
    const atReset = atCandidate * product * gateSlope;
    return {
      gates: atCandidate + atUpdate + atReset,
      recurrent: atCandidate * gate.second + atUpdate + atReset,
      state: state * gate.second,
      carry: 0,
    };
  };
}

/** Squared gradients at the gates of all steps and at the first state, for gradients arriving at the last state or at every one. */
export function backThroughTime(
  steps: readonly StepBack[],
  perRecurrent: number,
  arrivingAt: (step: number) => number,
): number {
  let state = 0;
  let carry = 0;
  let gates = 0;
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const sent = steps[index]?.(state + arrivingAt(index), carry);
    if (sent === undefined) break;
    gates += sent.gates;
    state = sent.state + sent.recurrent * perRecurrent;
    carry = sent.carry;
  }
  return gates;
}
