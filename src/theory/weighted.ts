import type { ActivationSpec } from '../model/activations/activation.ts';
import { LINEAR } from '../model/activations/catalogue.ts';
import type { Arriving, Propagated, SentBack } from './law.ts';
import { activate, type Signal } from './signal.ts';
import { overAxis } from './overAxis.ts';

/** A pre-activation with its activation, and the way back to its input. */
interface WeightedLaw {
  readonly pre: Signal;
  readonly activation: ActivationSpec | undefined;
  /** Independent units and all values of one sample. */
  readonly units: number;
  /** Squared gradient at the inputs from the squared gradient at z; undefined: no law. */
  readonly toInputs: (energy: number) => readonly Arriving[] | undefined;
}

/** Outputs and way back of a layer that computes φ(z). */
export function weighted(law: WeightedLaw): Propagated {
  const { pre, activation, units, toInputs } = law;
  const shown: Signal = { ...pre, logVariance: pre.logVariance + 2 / units };
  const activated = activate(pre, activation ?? LINEAR, units);
  const back =
    (slopeSquared: number) =>
    (arriving: Arriving): SentBack | undefined => {
      const own =
        arriving.atPreActivation === true
          ? arriving.energy
          : arriving.energy * (arriving.slope ?? slopeSquared);
      const inputs = toInputs(own);
      return inputs === undefined ? undefined : { own, inputs };
    };
  if (activated === undefined) {
    const made =
      activation === undefined ? { output: pre, slopeSquared: 1 } : overAxis(activation, pre, units);
    return { pre: shown, outputs: [made.output], back: back(made.slopeSquared) };
  }
  const { output, slopeSquared, zeros, saturated } = activated;
  return { pre: shown, outputs: [output], zeros, saturated, back: back(slopeSquared) };
}
