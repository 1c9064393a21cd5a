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

/** A signal behind an activation, with E[φ′²] of what went in. */
export interface Squashed {
  readonly output: Signal;
  readonly slopeSquared: number;
}

/** h = φ(z). */
export function simpleBack({ slopeSquared: slope }: Squashed): StepBack {
  return (state) => ({ gates: state * slope, recurrent: state * slope, state: 0, carry: 0 });
}

/** Moments of one LSTM step. */
interface LstmMoments {
  /** Input and output gate, which start alike. */
  readonly gate: Squashed;
  readonly forget: Squashed;
  readonly candidate: Squashed;
  readonly carry: Signal;
  /** φ of the new carry. */
  readonly squashed: Squashed;
}

/**
 * c = f∘c′ + i∘g, h = o∘φ(c) with gates, candidate and states taken as independent of each other and of the gradient (the mean field
 * of Gilboa et al. 2019, Dynamical isometry and a mean field theory of LSTMs and GRUs, arXiv 1901.08987).
 */
export function lstmBack({ gate, forget, candidate, carry, squashed }: LstmMoments): StepBack {
  const second = gate.output.second;
  const intoCarry = second * squashed.slopeSquared;
  const perCarry =
    candidate.output.second * gate.slopeSquared +
    second * candidate.slopeSquared +
    carry.second * forget.slopeSquared;
  const perState = squashed.output.second * gate.slopeSquared;
  return (state, fromNext) => {
    const atCarry = fromNext + state * intoCarry;
    const gates = state * perState + atCarry * perCarry;
    return { gates, recurrent: gates, state: 0, carry: atCarry * forget.output.second };
  };
}

/** Moments of one GRU step. */
interface GruMoments {
  /** Update and reset gate, which start alike. */
  readonly gate: Squashed;
  /** 1 − the update gate. */
  readonly rest: Signal;
  readonly candidate: Squashed;
  readonly state: Signal;
  /** Second moment of a product of the state with the recurrent kernel. */
  readonly product: number;
}

/** h = z∘h′ + (1 − z)∘g, g = φ(Wx + r∘Uh′), under the same independence. Reset before the product gives the same energies. */
export function gruBack({ gate, rest, candidate, state: before, product }: GruMoments): StepBack {
  const toCandidate = rest.second * candidate.slopeSquared;
  const { mean, second } = candidate.output;
  const toUpdate = (before.second + second - 2 * before.mean * mean) * gate.slopeSquared;
  return (state) => {
    const atCandidate = state * toCandidate;
    const atUpdate = state * toUpdate;
    const atReset = atCandidate * product * gate.slopeSquared;
    return {
      gates: atCandidate + atUpdate + atReset,
      recurrent: atCandidate * gate.output.second + atUpdate + atReset,
      state: state * gate.output.second,
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
