import * as tf from '@tensorflow/tfjs-core';
import type { Plan } from '../model/plan.ts';
import { withBatch } from '../model/shape.ts';
import type { InputSpec } from '../model/spec.ts';
import type { Generator } from './draws/generator.ts';
import { keyOf } from './draws/philox.ts';
import { uniform } from './draws/reference.ts';

/** User data for an input: values of the concrete shape, row-major; undefined where random inputs are wanted. */
export type InputData = (
  input: InputSpec,
  shape: readonly number[],
  part: number,
) => Float32Array | undefined;

/**
 * One input's batch: the user's data, or N(0,1), or uniform ids below the vocabulary (float32 whole numbers, as frameworks pass them).
 * Part 0 is the batch of the pass with gradients; later parts are fresh samples.
 */
export function makeInput(
  input: InputSpec,
  plan: Plan,
  seed: number,
  part: number,
  generator: Generator,
  data?: InputData,
): tf.Tensor {
  const shape = plan.inputs[input.name] ?? withBatch(input.shape, plan.batch);
  const given = data?.(input, shape, part);
  if (given !== undefined) return tf.tensor(given, [...shape], 'float32');
  const key = keyOf(seed, part === 0 ? '\u0001input' : `\u0001input ${part}`, input.name);
  if (input.values === 'real') return generator.normal(shape, key, 0, 1);
  const values = new Float32Array(shape.reduce((product, dimension) => product * dimension, 1));
  const vocabulary = input.vocabulary ?? 2;
  uniform(values, key, 0, 1);
  values.forEach((u, i) => (values[i] = Math.min(vocabulary - 1, Math.floor(u * vocabulary))));
  return tf.tensor(values, [...shape], 'float32');
}
