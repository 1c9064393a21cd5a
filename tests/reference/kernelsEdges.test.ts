import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { convGeometry } from '../../src/engine/kernels/convGeometry.ts';
import { convolve } from '../../src/engine/kernels/convolve.ts';
import { batchNormTrain, layerNormTrain } from '../../src/engine/kernels/normalize.ts';
import { assertAllDirections } from '../support/convDirections.ts';
import { convReference } from '../support/convReference.ts';
import { differences, dot } from '../support/differences.ts';
import { assertClose, onBackend, startKernels, values } from '../support/kernels.ts';

before(() => startKernels('plain'));

type Image = [number, number, number, number];

const filled = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.tensor(values(tf.util.sizeFromShape([...shape]), seed), [...shape]);

/** The value and both gradients of an operation on two tensors, beside the cpu backend's. */
function likeCpu(what: string, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, a: number[], b: number[]) {
  const parts = [
    () => run(filled(a, 1), filled(b, 2)),
    () => tf.grad((x) => tf.sum(tf.square(run(x, filled(b, 2)))))(filled(a, 1)),
    () => tf.grad((x) => tf.sum(tf.square(run(filled(a, 1), x))))(filled(b, 2)),
  ];
  for (const part of parts) assertClose(onBackend('wasm', part), onBackend('cpu', part), what);
}

describe('channels that the tile does not divide', () => {
  for (const [ci, co] of [
    [1, 1],
    [1, 1000],
    [3, 5],
    [5, 7],
    [7, 3],
    [1000, 1],
    [1000, 7],
  ] as const)
    test(`${ci} → ${co}, all three directions`, () => {
      const [xShape, filterShape] = [
        [2, 3, 4, ci],
        [3, 2, ci, co],
      ];
      const options = { strides: [2, 1], padding: 'same' as const };
      assertAllDirections(xShape, filterShape, options);
      const depthwise = (a: tf.Tensor, b: tf.Tensor) =>
        tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same');
      likeCpu(`depthwise of ${ci}`, depthwise, [1, 4, 3, ci], [3, 3, ci, 1]);
    });
});

describe('sizes at the edge equal the cpu backend', () => {
  const conv = (stride: number) => (a: tf.Tensor, b: tf.Tensor) =>
    tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 'same');
  const depthwise = (stride: number) => (a: tf.Tensor, b: tf.Tensor) =>
    tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 'same');
  for (const [what, image, kernel, stride] of [
    ['all of size one', [1, 1, 1, 1], 1, 1],
    ['kernels larger than the input', [2, 2, 3, 5], 7, 1],
    ['kernels larger than an input of one pixel, strided', [1, 1, 1, 3], 5, 3],
    ['strides larger than kernels', [2, 9, 8, 3], 2, 5],
    ['strides larger than the input', [1, 3, 3, 7], 1, 4],
    ['an empty batch', [0, 4, 4, 3], 3, 1],
  ] as readonly (readonly [string, Image, number, number])[])
    test(what, () => {
      const channels = image[3];
      likeCpu('conv', conv(stride), image, [kernel, kernel, channels, 4]);
      likeCpu('depthwise', depthwise(stride), image, [kernel, kernel, channels, 1]);
    });

  test('normalization of nothing, of one row and of one column', () => {
    for (const [rows, columns] of [
      [0, 3],
      [1, 1],
      [1, 7],
      [5, 1],
    ] as const)
      for (const op of [batchNormTrain, layerNormTrain])
        tf.tidy(() => {
          const [gamma, beta] = [filled([columns], 2), filled([columns], 3)];
          const y = op(filled([rows, columns], 1), gamma, beta, 1e-3);
          assert.deepEqual(y.shape, [rows, columns]);
          const single = op === batchNormTrain ? rows === 1 : columns === 1;
          const expected = Array.from({ length: rows * columns }, (_, i) => beta.dataSync()[i % columns]!);
          if (single) assertClose(y.dataSync(), expected, 'one value is its own mean');
        });
  });
});

test('non-finite weights and inputs give what the cpu backend gives', () => {
  const broken = (shape: number[], seed: number): tf.Tensor => {
    const data = values(tf.util.sizeFromShape(shape), seed);
    data[1] = NaN;
    data[data.length - 2] = Infinity;
    return tf.tensor(data, shape);
  };
  const image: Image = [1, 6, 5, 3];
  for (const [x, filter] of [
    [broken, filled],
    [filled, broken],
  ] as const) {
    const parts = [
      () => tf.conv2d(x(image, 1) as tf.Tensor4D, filter([3, 3, 3, 4], 2) as tf.Tensor4D, 1, 'valid'),
      () =>
        tf.depthwiseConv2d(x(image, 1) as tf.Tensor4D, filter([3, 3, 3, 2], 2) as tf.Tensor4D, 1, 'valid'),
      () => tf.matMul(x([5, 9], 1), filter([9, 6], 2)),
    ];
    for (const part of parts) assertClose(onBackend('wasm', part), onBackend('cpu', part), 'non-finite');
  }
});

describe('gradients equal central differences of a float64 reference', () => {
  test('convolution, grouped, strided, dilated and padded', () => {
    const [xShape, filterShape] = [
      [2, 5, 4, 6],
      [3, 2, 3, 4],
    ];
    for (const options of [
      { strides: [2, 1], dilations: [1, 2], padding: 'same' as const, groups: 2 },
      {
        strides: [1, 3],
        padding: [
          [2, 0],
          [1, 1],
        ] as const,
        groups: 2,
      },
    ]) {
      const g = convGeometry(xShape, filterShape, options);
      const [x, filter] = [values(240, 1), values(72, 2)];
      const dy = values(convReference(g, x, filter).length, 3);
      tf.tidy(() => {
        const inputs = [tf.tensor(x, xShape), tf.tensor(filter, filterShape)];
        const shape = convolve(inputs[0]!, inputs[1]!, options).shape;
        const [dx, df] = tf.grads((a, b) => convolve(a, b, options))(inputs, tf.tensor(dy, shape));
        assertClose(
          dx!.dataSync(),
          differences((v) => dot(convReference(g, v, filter), dy), x),
          'dx',
          1e-3,
        );
        assertClose(
          df!.dataSync(),
          differences((v) => dot(convReference(g, x, v), dy), filter),
          'df',
          1e-3,
        );
      });
    }
  });

  test('matrix product, transposed or not', () => {
    const [m, k, n] = [5, 7, 3];
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const product = (a: ArrayLike<number>, b: ArrayLike<number>): number[] =>
        Array.from({ length: m * n }, (_, i) => {
          const [row, column] = [Math.floor(i / n), i % n];
          let sum = 0;
          for (let j = 0; j < k; j++)
            sum +=
              a[transposeA ? j * m + row : row * k + j]! * b[transposeB ? column * k + j : j * n + column]!;
          return sum;
        });
      const [a, b, dy] = [values(m * k, 1), values(k * n, 2), values(m * n, 3)];
      tf.tidy(() => {
        const inputs = [
          tf.tensor2d(a, transposeA ? [k, m] : [m, k]),
          tf.tensor2d(b, transposeB ? [n, k] : [k, n]),
        ];
        const run = (p: tf.Tensor, q: tf.Tensor) => tf.matMul(p, q, transposeA, transposeB);
        const [da, db] = tf.grads(run)(inputs, tf.tensor2d(dy, [m, n]));
        assertClose(
          da!.dataSync(),
          differences((v) => dot(product(v, b), dy), a),
          'da',
          1e-3,
        );
        assertClose(
          db!.dataSync(),
          differences((v) => dot(product(a, v), dy), b),
          'db',
          1e-3,
        );
      });
    }
  });
});
