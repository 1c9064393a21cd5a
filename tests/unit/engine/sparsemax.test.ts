import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { applyActivation } from '../../../src/engine/activations/activate.ts';
import { openBackend } from '../../../src/engine/backends.ts';

test('sparsemax projects onto the simplex, with the gradient of its support', async () => {
  await openBackend('cpu');
  const spec = { id: 'sparsemax', params: { axis: -1 }, written: 'sparsemax' };
  const z = tf.tensor2d([
    [0.3, -1, 2, 0.5],
    [1, 1, 0, -3],
    [0.1, 0.2, 0.3, 0],
  ]);
  const values = applyActivation(z, spec).arraySync() as number[][];
  const expected = [
    [0, 0, 1, 0],
    [0.5, 0.5, 0, 0],
    [0.2, 0.3, 0.4, 0.1],
  ];
  expected.forEach((row, i) => row.forEach((value, j) => assert.ok(Math.abs(values[i]![j]! - value) < 1e-6)));
  const weights = tf.tensor2d([[1, 2, 3, 4]]);
  const gradient = tf
    .grad((x) => tf.sum(tf.mul(applyActivation(x, spec), weights)))(z)
    .arraySync() as number[][];
  const slopes = [
    [0, 0, 0, 0],
    [-0.5, 0.5, 0, 0],
    [-1.5, -0.5, 0.5, 1.5],
  ];
  slopes.forEach((row, i) => row.forEach((value, j) => assert.ok(Math.abs(gradient[i]![j]! - value) < 1e-5)));
});
