import * as tf from '@tensorflow/tfjs-core';
import type { LossForm } from '../model/lossForm.ts';
import { InputError } from '../model/problem.ts';

/** The user's labels of one output, as its loss takes them. */
export interface Targets {
  readonly form: LossForm;
  /** Row-major in the output's shape, batch after batch. */
  readonly values: Float32Array;
  /** Over all labels, per unit of the last axis. */
  readonly mean: readonly number[];
  /** What losses of values are divided by to be told: variance (squared) or mean deviation (absolute); else 1. */
  readonly scale: number;
}

/** Labels by output name; undefined where random ones are wanted. */
export type TargetData = (output: string) => Targets | undefined;

/**
 * The labels of an output's batch `part` as a tensor of the loss term's shape. Throws an InputError where the loss takes another form than the
 * labels were read for.
 */
export function givenTargets(
  data: TargetData | undefined,
  output: string,
  form: LossForm,
  shape: readonly number[],
  part = 0,
): { readonly targets: Targets; readonly tensor: tf.Tensor } | undefined {
  const targets = data?.(output);
  if (targets === undefined) return undefined;
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const values = targets.values.subarray(part * size, (part + 1) * size);
  if (targets.form !== form || values.length !== size)
    throw new InputError({
      message: `The labels of ${output} do not fit its loss.`,
      found: `${targets.form}, ${values.length} values`,
      expected: `${form}, ${size} values`,
    });
  return { targets: { ...targets, values }, tensor: tf.tensor(values, [...shape], 'float32') };
}
