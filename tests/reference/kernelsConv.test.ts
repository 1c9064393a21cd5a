import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { convGeometry } from '../../src/engine/kernels/convGeometry.ts';
import { assertAllDirections } from '../support/convDirections.ts';
import { assertClose, onBackend, startKernels, values } from '../support/kernels.ts';

before(() => startKernels('plain'));

const channels = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 20));

const axis = fc.record({
  size: fc.integer({ min: 1, max: 9 }),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 4 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  before: fc.integer({ min: 0, max: 4 }),
  after: fc.integer({ min: 0, max: 4 }),
});

test('convolutions of rank 1 to 3, grouped, dilated, strided and padded, equal float64 loops in all three directions', () => {
  const cases = fc.record({
    axes: fc.array(axis, { minLength: 1, maxLength: 3 }),
    batch: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    ci: channels,
    co: channels,
    padding: fc.constantFrom('valid', 'same', 'explicit'),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(cases, ({ axes, batch, groups, ci, co, padding, seed }) => {
      const xShape = [batch, ...axes.map((a) => a.size), groups * ci];
      const filterShape = [...axes.map((a) => a.kernel), ci, groups * co];
      const options = {
        strides: axes.map((a) => a.stride),
        dilations: axes.map((a) => a.dilation),
        padding:
          padding === 'explicit'
            ? axes.map((a) => [a.before, a.after] as const)
            : (padding as 'valid' | 'same'),
        groups,
      };
      assertAllDirections(xShape, filterShape, options, seed);
    }),
    { numRuns: 200, seed: 5 },
  );
});

test('the stock 2-D convolution and its gradients equal the cpu backend', () => {
  const cases = fc.tuple(
    axis,
    axis,
    channels,
    channels,
    fc.constantFrom('same' as const, 'valid' as const),
    fc.integer(),
  );
  fc.assert(
    fc.property(cases, ([h, w, ci, co, pad, seed]) => {
      fc.pre(pad === 'same' || (h.kernel <= h.size && w.kernel <= w.size));
      const x = () => tf.tensor4d(values(2 * h.size * w.size * ci, seed), [2, h.size, w.size, ci]);
      const filter = () =>
        tf.tensor4d(values(h.kernel * w.kernel * ci * co, seed + 1), [h.kernel, w.kernel, ci, co]);
      const run = (a: tf.Tensor4D, b: tf.Tensor4D) => tf.conv2d(a, b, [h.stride, w.stride], pad);
      const parts = [
        () => run(x(), filter()),
        () => tf.grad((a) => tf.sum(tf.square(run(a as tf.Tensor4D, filter()))))(x()),
        () => tf.grad((b) => tf.sum(tf.square(run(x(), b as tf.Tensor4D))))(filter()),
      ];
      for (const part of parts) assertClose(onBackend('wasm', part), onBackend('cpu', part), 'conv2d');
    }),
    { numRuns: 60, seed: 5 },
  );
});

test('a grouped convolution refuses channels that do not fit', () => {
  assert.throws(
    () => convGeometry([1, 8, 8, 6], [3, 3, 4, 8], { groups: 2 }),
    /6 channels do not fit a filter \[3, 3, 4, 8\] in 2 groups/,
  );
});
