import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { batchNormTrain, layerNormTrain } from '../../src/engine/kernels/normalize.ts';
import { assertClose, startKernels, values } from '../support/kernels.ts';

before(() => startKernels('plain'));

const epsilon = 1e-3;

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly x: ArrayLike<number>;
  readonly gamma: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
}

/** Normalization in float64: over rows for each column (batch), or over columns for each row (layer). */
function reference({ rows, columns, x, gamma, beta }: Case, along: 'rows' | 'columns'): Float64Array {
  const y = new Float64Array(rows * columns);
  const [outer, inner] = along === 'rows' ? [columns, rows] : [rows, columns];
  const index = (o: number, i: number) => (along === 'rows' ? i * columns + o : o * columns + i);
  for (let o = 0; o < outer; o++) {
    let mean = 0;
    for (let i = 0; i < inner; i++) mean += x[index(o, i)]! / inner;
    let variance = 0;
    for (let i = 0; i < inner; i++) variance += (x[index(o, i)]! - mean) ** 2 / inner;
    for (let i = 0; i < inner; i++) {
      const c = along === 'rows' ? o : i;
      y[index(o, i)] = ((x[index(o, i)]! - mean) / Math.sqrt(variance + epsilon)) * gamma[c]! + beta[c]!;
    }
  }
  return y;
}

/** d(Σ weights·y)/d(one argument) by central differences of the float64 reference. */
function differences(
  of: Case,
  along: 'rows' | 'columns',
  argument: 'x' | 'gamma' | 'beta',
  weights: ArrayLike<number>,
): number[] {
  const loss = (values: ArrayLike<number>) =>
    reference({ ...of, [argument]: values }, along).reduce((sum, y, i) => sum + y * weights[i]!, 0);
  return Array.from(of[argument], (value, i) => {
    const h = 1e-5;
    const moved = Float64Array.from(of[argument]);
    moved[i] = value + h;
    const up = loss(moved);
    moved[i] = value - h;
    return (up - loss(moved)) / (2 * h);
  });
}

for (const [name, op, along] of [
  ['batch', batchNormTrain, 'rows'],
  ['layer', layerNormTrain, 'columns'],
] as const) {
  const make = (rows: number, columns: number, seed: number): Case => ({
    rows,
    columns,
    x: values(rows * columns, seed).map((v) => 3 + 2 * v),
    gamma: values(columns, seed + 1),
    beta: values(columns, seed + 2),
  });
  const tensors = (of: Case) =>
    [
      tf.tensor2d(Float32Array.from(of.x), [of.rows, of.columns]),
      tf.tensor1d(Float32Array.from(of.gamma)),
      tf.tensor1d(Float32Array.from(of.beta)),
    ] as const;

  test(`${name} normalization in training mode equals float64 loops`, () => {
    const columns = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(100, 1000));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), columns, fc.integer(), (rows, width, seed) => {
        const of = make(rows, width, seed);
        const y = tf.tidy(() => op(...tensors(of), epsilon).dataSync());
        assertClose(y, reference(of, along), `${rows}×${width}`);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  test(`gradients of ${name} normalization equal finite differences of float64`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 2, max: 9 }),
        fc.integer(),
        (rows, columns, seed) => {
          const of = make(rows, columns, seed);
          const weights = values(rows * columns, seed + 3);
          tf.tidy(() => {
            const dy = tf.tensor2d(weights, [rows, columns]);
            const grads = tf.grads((x, gamma, beta) => op(x, gamma, beta, epsilon))([...tensors(of)], dy);
            (['x', 'gamma', 'beta'] as const).forEach((argument, i) => {
              assertClose(grads[i]!.dataSync(), differences(of, along, argument, weights), argument, 1e-3);
            });
          });
        },
      ),
      { numRuns: 40, seed: 5 },
    );
  });
}

test('normalization leaves nothing allocated', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() =>
    tf.grad((x) => batchNormTrain(x, tf.ones([4]), tf.zeros([4]), epsilon))(tf.ones([3, 4])),
  ).dispose();
  assert.equal(tf.memory().numTensors, before);
});
