import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { convolve } from '../../src/engine/kernels/convolve.ts';
import { assertAllDirections } from '../support/convDirections.ts';
import { startKernels, values } from '../support/kernels.ts';

before(() => startKernels('plain'));

const axis = fc.record({
  size: fc.integer({ min: 1, max: 4 }),
  kernel: fc.integer({ min: 2, max: 5 }),
  stride: fc.integer({ min: 1, max: 2 }),
  dilation: fc.integer({ min: 1, max: 3 }),
});

const channels = fc.constantFrom(31, 32, 34, 36, 64);

test('convolutions of images smaller than the filter, with many channels, equal float64 loops in all three directions', () => {
  const cases = fc.record({
    axes: fc.array(axis, { minLength: 1, maxLength: 2 }),
    batch: fc.integer({ min: 1, max: 3 }),
    ci: channels,
    co: channels,
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(cases, ({ axes, batch, ci, co, seed }) => {
      const xShape = [batch, ...axes.map(({ size }) => size), ci];
      const filterShape = [...axes.map(({ kernel }) => kernel), ci, co];
      const options = {
        strides: axes.map(({ stride }) => stride),
        dilations: axes.map(({ dilation }) => dilation),
        padding: 'same' as const,
      };
      assertAllDirections(xShape, filterShape, options, seed);
    }),
    { numRuns: 80, seed: 11 },
  );
});

test('a weight that only the padding meets does not spread when it is not finite, and its gradient is zero', () => {
  const x = tf.tensor4d(values(64, 1), [1, 1, 1, 64]);
  const kernel = values(9 * 64 * 64, 2);
  kernel.fill(Infinity, 0, 64 * 64);
  const filter = tf.tensor4d(kernel, [3, 3, 64, 64]);
  assert.ok(convolve(x, filter, { padding: 'same' }).dataSync().every(Number.isFinite));
  const gradient = tf
    .grad((w: tf.Tensor) => convolve<tf.Tensor>(x, w, { padding: 'same' }))(filter)
    .dataSync();
  assert.ok(gradient.subarray(0, 4 * 64 * 64).every((value) => value === 0));
  assert.ok(gradient.subarray(4 * 64 * 64, 5 * 64 * 64).some((value) => value !== 0));
});
