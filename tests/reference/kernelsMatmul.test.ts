import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import { before, test } from 'node:test';
import { assertClose, onBackend, startKernels, values } from '../support/kernels.ts';

const size = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(1, 3, 5, 7, 8, 31, 130, 257, 300));

before(() => startKernels('plain'));

test('matmul of any shape, transposed or not, equals the cpu backend', () => {
  const cases = fc.tuple(
    size,
    size,
    size,
    fc.boolean(),
    fc.boolean(),
    fc.integer({ min: 1, max: 3 }),
    fc.integer(),
    fc.boolean(),
  );
  fc.assert(
    fc.property(cases, ([m, n, k, transposeA, transposeB, batch, seed, broadcast]) => {
      const aShape = [broadcast ? 1 : batch, ...(transposeA ? [k, m] : [m, k])] as [number, number, number];
      const bShape = [batch, ...(transposeB ? [n, k] : [k, n])] as [number, number, number];
      const a = values(aShape[0] * m * k, seed);
      const b = values(batch * k * n, seed + 1);
      const product = () => tf.matMul(tf.tensor3d(a, aShape), tf.tensor3d(b, bShape), transposeA, transposeB);
      assertClose(onBackend('wasm', product), onBackend('cpu', product), JSON.stringify({ m, n, k }));
    }),
    { numRuns: 150, seed: 5 },
  );
});

test('matmul passes non-finite values on and handles 1000 columns', () => {
  const a = values(5 * 1000, 1);
  a[7] = NaN;
  a[2003] = Infinity;
  const b = values(1000 * 1000, 2);
  const product = () => tf.matMul(tf.tensor2d(a, [5, 1000]), tf.tensor2d(b, [1000, 1000]));
  assertClose(onBackend('wasm', product), onBackend('cpu', product), 'product');
});
