import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onBackend, startKernels, values } from '../support/kernels.ts';

before(async () => {
  await startKernels('plain');
});

const shapes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

function same(make: (data: Float32Array) => tf.Tensor, size: number): void {
  const data = values(size, size);
  assert.deepEqual(
    onBackend('wasm', () => make(data)),
    onBackend('cpu', () => make(data)),
  );
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, next) => size * next, 1);

test('slices equal the cpu backend’s, bit for bit', () => {
  const cases = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      cuts: fc.tuple(
        ...shape.map((size) =>
          fc.tuple(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: size })),
        ),
      ),
    }),
  );
  fc.assert(
    fc.property(cases, ({ shape, cuts }) => {
      const begin = cuts.map(([a, b]) => Math.min(a, b));
      const size = cuts.map(([a, b]) => Math.abs(a - b));
      same((data) => tf.slice(tf.tensor(data, shape), begin, size), sizeOf(shape));
    }),
  );
});

test('unstack, split, stack and concat equal the cpu backend’s, bit for bit', () => {
  fc.assert(
    fc.property(shapes, fc.nat(), fc.nat(), (shape, at, cut) => {
      const axis = at % shape.length;
      const first = cut % (shape[axis]! + 1);
      const tensor = (data: Float32Array) => tf.tensor(data, shape);
      const size = sizeOf(shape);
      same((data) => tf.addN(tf.unstack(tensor(data), axis)), size);
      same((data) => tf.stack(tf.unstack(tensor(data), axis), axis), size);
      if (first > 0 && first < shape[axis]!)
        same(
          (data) => tf.concat(tf.split(tensor(data), [first, shape[axis]! - first], axis).reverse(), axis),
          size,
        );
      same((data) => tf.concat([tensor(data), tensor(data)], axis), size);
    }),
  );
});
