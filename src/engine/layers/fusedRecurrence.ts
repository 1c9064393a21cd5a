import * as tf from '@tensorflow/tfjs-core';
import type { ActivationSpec } from '../../model/activations/activation.ts';
import { FUSED_ACTIVATIONS } from '../../model/layers/recurrent.ts';
import { recurrence } from '../kernels/recurrence.ts';
import type { FusedActivation, RecurrenceKind } from '../kernels/recurrentKernels.ts';
import type { LayerCall } from './forward.ts';
import type { Unroll, Unrolled } from './recurrence.ts';

/** A cell as our kernels run it over a whole sequence. */
export interface FusedCell {
  readonly kind: RecurrenceKind;
  readonly recurrent: tf.Tensor;
  readonly bias?: tf.Tensor | undefined;
  readonly activation: FusedActivation;
  readonly gateActivation: FusedActivation;
  /** Names of the gates as they lie side by side; one without a name is not looked at. */
  readonly gates: readonly (string | undefined)[];
  readonly gateSpec?: ActivationSpec | undefined;
}

function fusedActivation(spec: ActivationSpec | undefined): FusedActivation | undefined {
  const code = FUSED_ACTIVATIONS.indexOf(spec?.id ?? 'linear');
  return code < 0 ? undefined : { code, slope: spec?.params['slope'] ?? 0.2 };
}

/** The fused form of a cell, or undefined where the kernels lack one of its activations. */
export function fusedCell(
  cell: Omit<FusedCell, 'activation' | 'gateActivation'>,
  activation: ActivationSpec | undefined,
): FusedCell | undefined {
  const [own, gate] = [fusedActivation(activation), fusedActivation(cell.gateSpec)];
  return own && gate && { ...cell, activation: own, gateActivation: gate };
}

/** Step `at` of states [batch, steps, units] as [batch, units]. */
function stepAt(states: tf.Tensor, at: number): tf.Tensor {
  const [batch, , units] = states.shape as [number, number, number];
  return tf.reshape(tf.slice(states, [0, at, 0], [batch, 1, units]), [batch, units]);
}

function observeGates(call: LayerCall, { gates, gateSpec }: FusedCell, all: tf.Tensor): void {
  const [batch, steps, wide] = all.shape as [number, number, number];
  const units = wide / gates.length;
  gates.forEach((name, i) => {
    if (name === undefined) return;
    tf.tidy(() => {
      const gate = tf.slice(all, [0, 0, i * units], [batch, steps, units]);
      call.observe('gate', gate, { name, ...(gateSpec === undefined ? {} : { activation: gateSpec }) });
    });
  });
}

/** A recurrence over a whole sequence as one operation, with the same taps as step by step. */
export function fusedSteps(
  call: LayerCall,
  prepared: tf.Tensor,
  cell: FusedCell,
  options: Unroll,
  [h0, c0]: readonly tf.Tensor[],
  mask: tf.Tensor | undefined,
): Unrolled {
  const { kind, recurrent, bias, activation, gateActivation } = cell;
  const steps = prepared.shape[1]!;
  const withMemory = kind === 'lstm' && options.returnState;
  const ends = steps > 1 ? (['first step', 'last step'] as const) : [];
  let watched: readonly ((gradient: tf.TensorInfo) => void)[] = [];
  const states = recurrence(
    { z: prepared, recurrent, bias, h0, c0, mask },
    { kind, backwards: options.goBackwards, withMemory, activation, gateActivation },
    {
      forward: (made, gates) => {
        watched = ends.map((name, i) => call.watch('activation', stepAt(made, i * (steps - 1)), { name }));
        if (gates !== undefined) observeGates(call, cell, gates);
      },
      backward: (first, last) => [first, last].forEach((gradient, i) => watched[i]?.(gradient)),
    },
  );
  const [batch, , units] = states.shape as [number, number, number];
  const sequence = () => (withMemory ? tf.slice(states, [0, 0, 0], [batch, steps, units]) : states);
  const last = options.returnSequences && !options.returnState ? undefined : stepAt(states, steps - 1);
  return {
    output: options.returnSequences ? sequence() : last!,
    states: last === undefined ? [] : [last, ...(withMemory ? [stepAt(states, steps)] : [])],
  };
}
