import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { convGeometry, type ConvOptions } from '../../src/engine/kernels/convGeometry.ts';
import { convolveTransposed } from '../../src/engine/kernels/convolve.ts';
import { assertAllDirections } from '../support/convDirections.ts';
import { inputGradientReference } from '../support/convReference.ts';
import { assertClose, onBackend, startKernels, values } from '../support/kernels.ts';

before(() => startKernels('plain'));

describe('few channels: rows of taps in one run', () => {
  for (const [what, x, filter, options] of [
    ['a stem', [2, 12, 11, 3], [7, 7, 3, 16], { strides: [2, 2], padding: 'same' }],
    ['blocks of depth that end within a run', [1, 13, 12, 3], [11, 11, 3, 5], { padding: 'same' }],
    ['one channel', [3, 9, 9, 1], [5, 5, 1, 6], { padding: 'same' }],
    ['runs wider than the image', [2, 5, 2, 5], [3, 9, 5, 4], { padding: 'same' }],
    ['a signal of two channels', [2, 40, 2], [9, 2, 8], { strides: [3], padding: 'causal' }],
    ['a volume', [1, 4, 5, 6, 3], [2, 3, 3, 3, 4], { padding: 'same' }],
  ] as readonly (readonly [string, readonly number[], readonly number[], ConvOptions])[])
    test(what, () => assertAllDirections(x, filter, options));
});

describe('few columns: pixels read where they lie', () => {
  for (const [what, x, filter, options] of [
    ...[1, 2, 3, 4, 5, 6].map(
      (co) => [`to ${co}`, [2, 6, 5, 12], [3, 3, 12, co], { padding: 'same' }] as const,
    ),
    ['more channels than the row of zeros has', [1, 5, 5, 268], [3, 3, 268, 2], { padding: 'same' }],
    ['more pixels than are placed at a time', [1, 13, 20, 8], [2, 2, 8, 3], {}],
    ['strided', [2, 11, 9, 3], [3, 3, 3, 16], { strides: [2, 2], padding: 'same' }],
    ['groups', [2, 6, 7, 16], [3, 3, 8, 6], { groups: 2, padding: 'same' }],
  ] as readonly (readonly [string, readonly number[], readonly number[], ConvOptions])[])
    test(what, () => assertAllDirections(x, filter, options));

  test('transposed', () => {
    const [y, filter] = [values(2 * 6 * 6 * 16, 1), values(4 * 4 * 3 * 16, 2)];
    const options = { strides: [2, 2], padding: 'same' as const };
    const g = convGeometry([2, 12, 12, 3], [4, 4, 3, 16], options);
    tf.tidy(() => {
      const [ty, tf4] = [tf.tensor(y, [2, 6, 6, 16]), tf.tensor(filter, [4, 4, 3, 16])];
      const x = convolveTransposed(ty, tf4, [2, 12, 12, 3], options);
      assertClose(x.dataSync(), inputGradientReference(g, y, filter), 'transposed');
    });
  });

  test('what is not finite reaches only those results that it belongs to', () => {
    const x = values(2 * 6 * 5 * 12, 1);
    x[500] = NaN;
    const run = () =>
      tf.conv2d(tf.tensor4d(x, [2, 6, 5, 12]), tf.tensor4d(values(216, 2), [3, 3, 12, 2]), 1, 'same');
    const own = onBackend('wasm', run);
    assertClose(own, onBackend('cpu', run), 'non-finite');
    assert.ok(own.some(Number.isNaN) && own.some(Number.isFinite));
  });
});
