import * as tf from '@tensorflow/tfjs-core';
import type { ActivationSpec } from '../../model/activations/activation.ts';
import { plus } from '../plus.ts';
import { timesMatrix } from './dense.ts';
import type { LayerCall } from './forward.ts';
import { type FusedCell, fusedSteps } from './fusedRecurrence.ts';
import { ownKernels } from './spatial.ts';

/** What one step gives: the new states, the first of which is the output, and the gates to be looked at. */
export interface Step {
  readonly states: readonly tf.Tensor[];
  readonly gates?: Readonly<Record<string, tf.Tensor>>;
}

/** A recurrence over steps. `prepare` does for all steps at once what needs no state; `step` gets its slice. */
export interface Cell {
  prepare(sequence: tf.Tensor): tf.Tensor;
  /** States at the start for an input slice of [batch, …]. */
  start(sequence: tf.Tensor): tf.Tensor[];
  step(prepared: tf.Tensor, states: readonly tf.Tensor[]): Step;
  /** Activation of the gates, for their flat part. */
  readonly gateActivation?: ActivationSpec;
  /** The same in one operation of our own kernels, where they have its activations. */
  readonly fused?: FusedCell | undefined;
}

/** The inputs' part of every step's pre-activation, x·W + b, tapped: the `prepare` of a cell whose kernel is a matrix. */
export function preparing(
  call: Pick<LayerCall, 'weight' | 'tap'>,
  bias: tf.Tensor | undefined,
): Cell['prepare'] {
  return (x) => {
    const sum = tf.tidy(() => {
      const z = timesMatrix(x, call.weight('kernel'));
      return bias === undefined ? z : plus(z, bias);
    });
    return call.tap('preActivation', sum);
  };
}

/** Options of a recurrent layer that do not touch the cell. */
export interface Unroll {
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
}

/** All steps of a recurrence: outputs in the order taken ([batch, steps, …], or of the last step alone) and the states after the last. */
export interface Unrolled {
  readonly output: tf.Tensor;
  readonly states: readonly tf.Tensor[];
}

/** Where the mask is 0 the old tensor stays. */
function keep(mask: tf.Tensor | undefined, made: tf.Tensor, old: tf.Tensor): tf.Tensor {
  if (mask === undefined) return made;
  const weight = tf.reshape(mask, [made.shape[0]!, ...made.shape.slice(1).map(() => 1)]);
  return tf.add(tf.mul(made, weight), tf.mul(old, tf.sub(1, weight)));
}

/** Gates of all steps, stacked, each as one observation. */
function observeGates(call: LayerCall, steps: readonly Step[], activation: ActivationSpec | undefined): void {
  for (const name of Object.keys(steps[0]?.gates ?? {})) {
    const gate = tf.stack(
      steps.map(({ gates }) => gates![name]!),
      1,
    );
    call.observe('gate', gate, { name, ...(activation === undefined ? {} : { activation }) });
  }
}

/** Operation by operation, whatever the cell. */
function stepByStep(
  call: LayerCall,
  prepared: tf.Tensor,
  cell: Cell,
  options: Unroll,
  start: readonly tf.Tensor[],
  mask: tf.Tensor | undefined,
): Unrolled {
  const order = (steps: tf.Tensor[]) => (options.goBackwards ? steps.toReversed() : steps);
  const slices = order(tf.unstack(prepared, 1));
  const masks = mask === undefined ? undefined : order(tf.unstack(mask, 1));
  let states = start;
  const outputs: tf.Tensor[] = [];
  const steps: Step[] = [];
  slices.forEach((slice, time) => {
    const made = cell.step(slice, states);
    steps.push(made);
    const kept = made.states.map((state, i) => keep(masks?.[time], state, states[i]!));
    const end = time === slices.length - 1;
    if ((time === 0 || end) && slices.length > 1)
      kept[0] = call.tap('activation', kept[0]!, { name: time === 0 ? 'first step' : 'last step' });
    states = kept;
    outputs.push(kept[0]!);
  });
  observeGates(call, steps, cell.gateActivation);
  return { output: options.returnSequences ? tf.stack(outputs, 1) : outputs.at(-1)!, states };
}

/** 1 from the first step on that counts, in the order taken: before it a masked sequence has no output, though a given state. */
function begun(mask: tf.Tensor, options: Unroll, rank: number): tf.Tensor {
  const taken = options.goBackwards ? tf.reverse(mask, 1) : mask;
  const all = tf.clipByValue(tf.cumsum(taken, 1), 0, 1);
  const [batch, steps] = mask.shape as [number, number];
  const shown = options.returnSequences ? all : tf.slice(all, [0, steps - 1], [-1, 1]);
  const ones = Array.from({ length: rank - (options.returnSequences ? 2 : 1) }, () => 1);
  return tf.reshape(shown, [batch, ...(options.returnSequences ? [steps] : []), ...ones]);
}

/**
 * Runs a cell over the steps of a sequence [batch, steps, …]. Taps the state after the first and the last step (`first step`, `last step`), whose gradients
 * tell how the gradient travels through time, and observes the gates. A masked step repeats output and states.
 */
export function unroll(
  call: LayerCall,
  sequence: tf.Tensor,
  cell: Cell,
  options: Unroll,
  states: readonly tf.Tensor[],
): tf.Tensor[] {
  const prepared = cell.prepare(sequence);
  const given = call.mask();
  const mask = given?.shape[1] === sequence.shape[1] ? given : undefined;
  const run =
    cell.fused !== undefined && ownKernels()
      ? fusedSteps(call, prepared, cell.fused, options, states, mask)
      : stepByStep(call, prepared, cell, options, states.length > 0 ? states : cell.start(sequence), mask);
  const late = mask !== undefined && states.length > 0;
  const output = late ? tf.mul(run.output, begun(mask, options, run.output.rank)) : run.output;
  if (!options.returnSequences) call.setMask(undefined);
  return options.returnState ? [output, ...run.states] : [output];
}
