import {
  customGrad,
  engine,
  type GradSaveFunc,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { recurrenceGradientKernel, recurrenceKernel, type RecurrenceOptions } from './recurrentKernels.ts';

/** What goes through a recurrence: `z` [batch, steps, width·units] is the inputs' part of the pre-activations, in the order of time. */
export interface RecurrenceInputs {
  readonly z: Tensor;
  /** [units, width·units]. */
  readonly recurrent: Tensor;
  /** Of the recurrent product (a GRU's second bias). */
  readonly bias?: Tensor | undefined;
  /** State and memory [batch, units] before the first step; zeros where not given. */
  readonly h0?: Tensor | undefined;
  readonly c0?: Tensor | undefined;
  /** [batch, steps]; where it is 0 the state stays. */
  readonly mask?: Tensor | undefined;
}

/** What may be looked at on the way. Tensors are gone after the call. */
export interface RecurrenceListener {
  /** States in the order taken, and the gates [batch, steps, width·units] side by side (none for a simple recurrence). */
  readonly forward?: (states: Tensor, gates: Tensor | undefined) => void;
  /** Gradients of the state after the first and the last step. */
  readonly backward?: (first: Tensor, last: Tensor) => void;
}

const DIFFERENTIABLE = ['z', 'recurrent', 'h0', 'c0', 'bias'] as const;

/**
 * The states of a recurrence over a whole sequence, [batch, steps, units] in the order in which steps are taken, as one differentiable operation. With `withMemory` a row more
 * holds an LSTM's last memory. Runs where `installKernels` has been.
 */
export function recurrence(
  inputs: RecurrenceInputs,
  options: RecurrenceOptions,
  listener: RecurrenceListener = {},
): Tensor {
  const names = DIFFERENTIABLE.filter((name) => inputs[name] !== undefined);
  const attrs = { ...options, activation: options.activation, gateActivation: options.gateActivation };
  const run = (kernel: string, tensors: NamedTensorMap): Tensor[] =>
    engine().runKernel(kernel, tensors, attrs as unknown as Record<string, number>) as Tensor[];
  const given = Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor !== undefined));
  const operation = customGrad((...parameters) => {
    const save = parameters.at(-1) as GradSaveFunc;
    const [h, gates, kept] = run(recurrenceKernel, given);
    listener.forward?.(h!, gates);
    const { z: _, ...others } = given;
    const needed: NamedTensorMap = { ...others, h: h!, ...(gates && { gates }), ...(kept && { kept }) };
    const order = Object.keys(needed);
    save(order.map((name) => needed[name]!));
    return {
      value: h!,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const tensors = Object.fromEntries(order.map((name, i) => [name, saved[i]!]));
        const all = run(recurrenceGradientKernel, { ...tensors, dy });
        const [dz, du, dh, dc, dBias, first, last] = all as [
          Tensor,
          Tensor,
          Tensor,
          Tensor,
          Tensor,
          Tensor,
          Tensor,
        ];
        listener.backward?.(first, last);
        const of = { z: dz, recurrent: du, h0: dh, c0: dc, bias: dBias };
        return names.map((name) => of[name]);
      },
    };
  });
  return operation(...names.map((name) => inputs[name]!));
}
