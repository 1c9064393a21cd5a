import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { attention } from '../../src/engine/kernels/attention.ts';
import { einsum } from '../../src/engine/kernels/einsum.ts';
import { recurrence } from '../../src/engine/kernels/recurrence.ts';
import { applyActivation } from '../../src/engine/activations/activate.ts';
import { parseActivation } from '../../src/model/activations/catalogue.ts';
import { assertGradients } from '../support/differences.ts';
import { attended, erf, GATES, gelu, pooled, recurred, sigmoid, upTo } from '../support/float64.ts';
import { startKernels } from '../support/kernels.ts';

/*
 * Value and gradients of every kernel that has a gradient of its own against a float64 reference: here what kernelsEdges (convolution, matrix product) and
 * kernelsNormalize (batch and layer normalization) do not hold already.
 */
before(() => startKernels('plain'));

test('depthwise convolution with a multiplier', () => {
  const [n, size, c, m] = [2, 5, 3, 2];
  const run = (x: tf.Tensor, filter: tf.Tensor) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
  const shapes = [
    [n, size, size, c],
    [3, 3, c, m],
  ];
  assertGradients('depthwise', shapes, run, (x, filter) =>
    upTo(n * size * size * c * m).map((at) => {
      const [q, channel] = [at % m, Math.floor(at / m) % c];
      const pixel = Math.floor(at / m / c);
      const [w, h, image] = [pixel % size, Math.floor(pixel / size) % size, Math.floor(pixel / size / size)];
      let total = 0;
      for (const k of upTo(9)) {
        const [row, column] = [h + Math.floor(k / 3) - 1, w + (k % 3) - 1];
        if (row < 0 || column < 0 || row >= size || column >= size) continue;
        const place = ((image * size + row) * size + column) * c + channel;
        total += x![place]! * filter![(k * c + channel) * m + q]!;
      }
      return total;
    }),
  );
});

test('pooling, overlapping and padded', () => {
  const shape = [2, 5, 5, 3];
  const max = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 3, 2, 'same');
  const mean = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same');
  assertGradients('max', [shape], max, pooled(true, 2, 5, 3));
  assertGradients('average', [shape], mean, pooled(false, 2, 5, 3));
});

test('activations that are kernels of ours', () => {
  const each = (one: (x: number) => number) => (x?: ArrayLike<number>) => Array.from(x!, one);
  const shape = [[3, 7]];
  assertGradients('tanh', shape, (x) => tf.tanh(x), each(Math.tanh));
  assertGradients('erf', shape, (x) => tf.erf(x), each(erf));
  assertGradients(
    'relu',
    shape,
    (x) => tf.relu(x),
    each((x) => Math.max(0, x)),
  );
  assertGradients(
    'relu6',
    shape,
    (x) => tf.relu6(tf.mul(x, 4)),
    each((x) => Math.min(6, Math.max(0, 4 * x))),
  );
  assertGradients('sigmoid', shape, (x) => tf.sigmoid(x), each(sigmoid));
  const spec = parseActivation('gelu');
  assert.ok(spec);
  assertGradients('gelu', shape, (x) => applyActivation(x, spec), each(gelu));
});

test('sums, gathered rows and einsum', () => {
  assertGradients(
    'sum',
    [[4, 3, 5]],
    (x) => tf.sum(x, 1),
    (x) =>
      upTo(20).map((at) => {
        const [column, row] = [at % 5, Math.floor(at / 5)];
        return upTo(3).reduce((total, i) => total + x![(row * 3 + i) * 5 + column]!, 0);
      }),
  );
  const ids = [2, 0, 2, 5, 2];
  assertGradients(
    'embedding',
    [[6, 4]],
    (table) => tf.gather(table, tf.tensor1d(ids, 'int32')),
    (table) => ids.flatMap((id) => upTo(4).map((i) => table![id * 4 + i]!)),
  );
  const [b, q, k, d] = [2, 3, 4, 5];
  assertGradients(
    'einsum',
    [
      [b, q, d],
      [b, k, d],
    ],
    (left, right) => einsum('bqd,bkd->bkq', left, right),
    (left, right) =>
      upTo(b * k * q).map((at) => {
        const [i, j, sample] = [at % q, Math.floor(at / q) % k, Math.floor(at / q / k)];
        return upTo(d).reduce(
          (total, e) => total + left![(sample * q + i) * d + e]! * right![(sample * k + j) * d + e]!,
          0,
        );
      }),
  );
});

for (const causal of [false, true])
  test(`attention of four heads on two of keys${causal ? ', causal' : ''}`, () => {
    const [batch, targets, sources, heads, keyHeads, size] = [2, 4, 5, 4, 2, 3] as const;
    assertGradients(
      'attention',
      [
        [batch, targets, heads * size],
        [batch, sources, keyHeads * size],
        [batch, sources, keyHeads * size],
      ],
      (query, key, value) => attention([query, key, value], undefined, { heads, keyHeads, causal }),
      attended([batch, targets, sources, heads, keyHeads, size], causal),
    );
  });

for (const kind of ['simpleRnn', 'lstm', 'gru', 'gruBefore'] as const)
  test(`a recurrence: ${kind}`, () => {
    const [batch, steps, units] = [2, 4, 5];
    const [activation, gateActivation] = [
      { code: 2, slope: 0 },
      { code: 3, slope: 0 },
    ];
    const options = { kind, backwards: false, withMemory: false, activation, gateActivation };
    const wide = GATES[kind] * units;
    assertGradients(
      kind,
      [
        [batch, steps, wide],
        [units, wide],
      ],
      (z, recurrent) => recurrence({ z, recurrent }, options),
      recurred(kind, batch, steps, units),
    );
  });
