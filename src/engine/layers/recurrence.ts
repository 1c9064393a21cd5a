import * as tf from '@tensorflow/tfjs-core';
import type { ActivationSpec } from '../../model/activations/activation.ts';
import type { LayerCall } from './forward.ts';

/** What one step gives: the output, the new states (the first is the output's), and the gates to be looked at. */
export interface Step {
  readonly output: tf.Tensor;
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
}

/** Options of a recurrent layer that do not touch the cell. */
export interface Unroll {
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
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
  const order = (steps: tf.Tensor[]) => (options.goBackwards ? steps.toReversed() : steps);
  const slices = order(tf.unstack(cell.prepare(sequence), 1));
  const given = call.mask();
  const mask = given?.shape[1] === sequence.shape[1] ? given : undefined;
  const masks = mask === undefined ? undefined : order(tf.unstack(mask, 1));
  let current: readonly tf.Tensor[] = states.length > 0 ? states : cell.start(sequence);
  const outputs: tf.Tensor[] = [];
  const steps: Step[] = [];
  slices.forEach((slice, time) => {
    const made = cell.step(slice, current);
    steps.push(made);
    const old = outputs.at(-1) ?? tf.zerosLike(made.output);
    const shared = made.states[0] === made.output;
    let output = keep(masks?.[time], made.output, old);
    const kept = made.states.map((state, i) => keep(masks?.[time], state, current[i]!));
    const end = time === slices.length - 1;
    if (shared && (time === 0 || end) && slices.length > 1) {
      kept[0] = call.tap('activation', kept[0]!, { name: time === 0 ? 'first step' : 'last step' });
      if (masks === undefined) output = kept[0];
    }
    current = kept;
    outputs.push(output);
  });
  observeGates(call, steps, cell.gateActivation);
  if (!options.returnSequences) call.setMask(undefined);
  const output = options.returnSequences ? tf.stack(outputs, 1) : outputs.at(-1)!;
  return options.returnState ? [output, ...current] : [output];
}
