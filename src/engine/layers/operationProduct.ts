import * as tf from '@tensorflow/tfjs-core';
import type { OperationConfig } from '../../model/layers/operation.ts';
import { timesMatrix } from './dense.ts';
import { swapped } from './lastAxis.ts';

/** The operand that a file writes out. */
export function operand(constant: NonNullable<OperationConfig['constant']>): tf.Tensor {
  return typeof constant === 'number'
    ? tf.scalar(constant)
    : tf.tensor([...constant.values], [...constant.shape], 'float32');
}

const turned = (x: tf.Tensor): tf.Tensor => swapped(x, [x.rank - 2, x.rank - 1]);

/** The product of two tensors' last two axes, or of one with a matrix that the file writes out. */
export function multiplied(inputs: readonly tf.Tensor[], config: OperationConfig): tf.Tensor {
  const { constant, constantFirst, transposed } = config;
  const [first = false, second = false] = transposed;
  const [x, y] = inputs as [tf.Tensor, tf.Tensor?];
  if (constant === null || typeof constant === 'number') return tf.matMul(x, y!, first, second);
  const matrix = operand(constant);
  if (!constantFirst) return timesMatrix(first ? turned(x) : x, second ? turned(matrix) : matrix);
  return turned(timesMatrix(second ? x : turned(x), first ? matrix : turned(matrix)));
}
