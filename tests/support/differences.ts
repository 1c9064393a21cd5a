import * as tf from '@tensorflow/tfjs-core';
import { assertClose, values } from './kernels.ts';

/** Σ aᵢ·bᵢ. */
export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);

/** The gradient of a function of float64 numbers by central differences. */
export function differences(loss: (values: Float64Array) => number, at: ArrayLike<number>): number[] {
  return Array.from(at, (value, i) => {
    const moved = Float64Array.from(at);
    moved[i] = value + 1e-3;
    const up = loss(moved);
    moved[i] = value - 1e-3;
    return (up - loss(moved)) / 2e-3;
  });
}

/** A function of numbers in float64: one array an operand. */
export type Float64 = (...operands: ArrayLike<number>[]) => number[];

/** Asserts that value and gradients of an operation on tensors of these shapes are those of its float64 reference: to 1e-5 and 1e-3 of the largest. */
export function assertGradients(
  what: string,
  shapes: readonly (readonly number[])[],
  run: (...tensors: tf.Tensor[]) => tf.Tensor,
  reference: Float64,
): void {
  tf.tidy(() => {
    const data = shapes.map((shape, i) => values(tf.util.sizeFromShape([...shape]), i + 1));
    const tensors = shapes.map((shape, i) => tf.tensor(data[i]!, [...shape]));
    const y = run(...tensors);
    assertClose(y.dataSync(), reference(...data), what);
    const dy = values(y.size, 99);
    const gradients = tf.grads(run)(tensors, tf.tensor(dy, y.shape));
    gradients.forEach((gradient, i) => {
      const loss = (moved: Float64Array): number =>
        dot(reference(...data.map((own, j) => (j === i ? moved : own))), dy);
      assertClose(gradient.dataSync(), differences(loss, data[i]!), `${what}, gradient ${i}`, 1e-3);
    });
  });
}
