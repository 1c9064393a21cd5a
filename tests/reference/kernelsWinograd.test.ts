import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type ConvGeometry, convGeometry } from '../../src/engine/kernels/convGeometry.ts';
import { convFilterGradient, convForward, convInputGradient } from '../../src/engine/kernels/convKernels.ts';
import type { Heap } from '../../src/engine/kernels/heap.ts';
import { hasTiles, throughTiles, tilesPay } from '../../src/engine/kernels/winograd.ts';
import { convReference, filterGradientReference, inputGradientReference } from '../support/convReference.ts';
import { assertClose, startKernels, values } from '../support/kernels.ts';

let heap: Heap;

before(async () => {
  heap = await startKernels('plain');
});

interface Case {
  readonly g: ConvGeometry;
  readonly xShape: number[];
  readonly filterShape: number[];
  readonly yShape: number[];
}

function caseOf(batch: number, size: readonly [number, number], ci: number, co: number, pad: number[]): Case {
  const xShape = [batch, ...size, ci];
  const filterShape = [3, 3, ci, co];
  const [top = 0, bottom = 0, left = 0, right = 0] = pad;
  const g = convGeometry(xShape, filterShape, {
    padding: [
      [top, bottom],
      [left, right],
    ],
  });
  return { g, xShape, filterShape, yShape: [batch, g.output[1], g.output[2], co] };
}

const count = (shape: number[]): number => tf.util.sizeFromShape(shape);

const edge = fc.integer({ min: 0, max: 2 });
const cases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  size: fc.tuple(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 11 })),
  ci: fc.constantFrom(4, 8, 12, 20),
  co: fc.constantFrom(4, 8, 12, 20),
  pad: fc.tuple(edge, edge, edge, edge),
  seed: fc.integer(),
});

test('3 × 3 convolutions through tiles equal float64 loops in all three directions, whatever size and padding', () => {
  fc.assert(
    fc.property(cases, ({ batch, size, ci, co, pad, seed }) => {
      const { g, xShape, filterShape, yShape } = caseOf(batch, size, ci, co, pad);
      fc.pre(count(yShape) > 0);
      assert.ok(hasTiles(g));
      const [x, filter] = [values(count(xShape), seed), values(count(filterShape), seed + 1)];
      const dy = values(count(yShape), seed + 2);
      tf.tidy(() => {
        const [tx, tk] = [tf.tensor(x, xShape), tf.tensor(filter, filterShape)];
        const ty = tf.tensor(dy, yShape);
        const to = (shape: number[]): tf.Tensor => tf.fill(shape, NaN);
        const [y, dx, dk] = [to(yShape), to(xShape), to(filterShape)];
        assert.ok(throughTiles(heap, 'Forward', g, tx, tk, y));
        assertClose(y.dataSync(), convReference(g, x, filter), 'forward');
        assert.ok(throughTiles(heap, 'InputGradient', g, ty, tk, dx));
        assertClose(dx.dataSync(), inputGradientReference(g, dy, filter), 'input gradient');
        assert.ok(throughTiles(heap, 'FilterGradient', g, tx, ty, dk));
        assertClose(dk.dataSync(), filterGradientReference(g, x, dy), 'filter gradient');
      });
    }),
    { numRuns: 120 },
  );
});

test('more tiles than are transformed at a time, with channels enough that the way is taken', () => {
  const { g, xShape, filterShape, yShape } = caseOf(3, [15, 14], 32, 24, [1, 1, 1, 1]);
  assert.ok(tilesPay(heap, g));
  const [x, filter] = [values(count(xShape), 1), values(count(filterShape), 2)];
  const dy = values(count(yShape), 3);
  tf.tidy(() => {
    const [tx, tk, ty] = [tf.tensor(x, xShape), tf.tensor(filter, filterShape), tf.tensor(dy, yShape)];
    const read = (made: tf.TensorInfo): Float32Array => {
      const data = heap.backend.readSync(made.dataId) as Float32Array;
      heap.backend.disposeData(made.dataId);
      return data;
    };
    assertClose(read(convForward(heap, g, tx, tk, yShape)), convReference(g, x, filter), 'forward');
    assertClose(
      read(convInputGradient(heap, g, ty, tk, xShape)),
      inputGradientReference(g, dy, filter),
      'input gradient',
    );
    assertClose(
      read(convFilterGradient(heap, g, tx, ty, filterShape)),
      filterGradientReference(g, x, dy),
      'filter gradient',
    );
  });
});

test('a value that is not finite reaches those results only that it belongs to', () => {
  const { g, xShape, filterShape, yShape } = caseOf(2, [14, 14], 24, 24, [1, 1, 1, 1]);
  assert.ok(tilesPay(heap, g));
  const [x, filter] = [values(count(xShape), 1), values(count(filterShape), 2)];
  x[43 * 24] = Infinity;
  x[187 * 24] = NaN;
  tf.tidy(() => {
    const [tx, tk] = [tf.tensor(x, xShape), tf.tensor(filter, filterShape)];
    const y = tf.fill(yShape, 0);
    assert.equal(throughTiles(heap, 'Forward', g, tx, tk, y), false);
    const made = convForward(heap, g, tx, tk, yShape);
    const direct = heap.backend.readSync(made.dataId) as Float32Array;
    assertClose(direct, convReference(g, x, filter), 'forward');
    // Pixel (3, 1) lies in nine windows, pixel (13, 5) at the lower edge in six.
    assert.equal(direct.filter((value) => !Number.isFinite(value)).length, (9 + 6) * 24);
    heap.backend.disposeData(made.dataId);
  });
});

test('what has no tiles goes the direct way', () => {
  const shape = [2, 16, 16, 16];
  const filter = [3, 3, 16, 16];
  const strided = convGeometry(shape, filter, { strides: [2, 2], padding: 'same' });
  const dilated = convGeometry(shape, filter, { dilations: [2, 2], padding: 'same' });
  const grouped = convGeometry([2, 16, 16, 32], [3, 3, 16, 32], { groups: 2, padding: 'same' });
  const wide = convGeometry(shape, [5, 5, 16, 16], { padding: 'same' });
  const odd = convGeometry([2, 16, 16, 18], [3, 3, 18, 16], { padding: 'same' });
  for (const g of [strided, dilated, grouped, wide, odd]) assert.equal(hasTiles(g), false);
  assert.ok(hasTiles(convGeometry(shape, filter, { padding: 'same' })));
});
