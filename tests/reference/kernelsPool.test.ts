import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import { before, test } from 'node:test';
import { assertClose, onBackend, startKernels, values } from '../support/kernels.ts';

before(() => startKernels('plain'));

const axis = fc.record({
  size: fc.integer({ min: 1, max: 7 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
});
const pad = fc.constantFrom('same' as const, 'valid' as const);
const channels = fc.integer({ min: 1, max: 9 });

interface Axis {
  size: number;
  kernel: number;
  stride: number;
}

const fits = (padding: string, axes: readonly Axis[]) =>
  padding === 'same' || axes.every((a) => a.kernel <= a.size);

type Kind = 'max' | 'avg';

/** Visits the windows of a pooling of [1, d, h, w, c]: the index of each output and those of its inputs inside. */
function eachWindow(
  axes: readonly Axis[],
  c: number,
  padding: string,
  visit: (y: number, xs: number[]) => void,
): void {
  const outs = axes.map((a) =>
    padding === 'same' ? Math.ceil(a.size / a.stride) : Math.floor((a.size - a.kernel) / a.stride) + 1,
  );
  const range = (a: Axis, out: number, i: number) => {
    const before =
      padding === 'same' ? Math.floor(Math.max(0, (out - 1) * a.stride + a.kernel - a.size) / 2) : 0;
    const from = i * a.stride - before;
    return Array.from({ length: a.kernel }, (_, k) => from + k).filter((at) => at >= 0 && at < a.size);
  };
  const [D, H, W] = axes as [Axis, Axis, Axis];
  const [od, oh, ow] = outs as [number, number, number];
  for (let i = 0; i < od * oh * ow * c; i++) {
    const [k, x, y, z] = [
      i % c,
      Math.floor(i / c) % ow,
      Math.floor(i / c / ow) % oh,
      Math.floor(i / c / ow / oh),
    ];
    const inside = range(D, od, z).flatMap((d) =>
      range(H, oh, y).flatMap((h) => range(W, ow, x).map((w) => ((d * H.size + h) * W.size + w) * c + k)),
    );
    visit(i, inside);
  }
}

/** dx of a pooling by its definition: the first largest element of a window gets its gradient, or all inside share it. */
function gradientByDefinition(
  kind: Kind,
  axes: readonly Axis[],
  c: number,
  padding: string,
  x: Float32Array,
  dy: Float32Array,
): Float64Array {
  const dx = new Float64Array(x.length);
  eachWindow(axes, c, padding, (at, inside) => {
    if (kind === 'avg') for (const i of inside) dx[i]! += dy[at]! / inside.length;
    else dx[inside.reduce((best, i) => (x[i]! > x[best]! ? i : best))]! += dy[at]!;
  });
  return dx;
}

for (const kind of ['max', 'avg'] as const) {
  test(`the gradient of ${kind} pooling in 2-D and 3-D is what its definition says`, () => {
    fc.assert(
      fc.property(
        axis,
        axis,
        axis,
        channels,
        pad,
        fc.boolean(),
        fc.integer(),
        (depth, h, w, c, padding, flat, seed) => {
          const d = flat ? { size: 1, kernel: 1, stride: 1 } : depth;
          fc.pre(fits(padding, [d, h, w]));
          tf.tidy(() => {
            const x = values(d.size * h.size * w.size * c, seed);
            const size: [number, number, number] = [d.kernel, h.kernel, w.kernel];
            const strides: [number, number, number] = [d.stride, h.stride, w.stride];
            const run = (v: tf.Tensor): tf.Tensor => {
              if (!flat)
                return (kind === 'max' ? tf.maxPool3d : tf.avgPool3d)(
                  v as tf.Tensor5D,
                  size,
                  strides,
                  padding,
                );
              const pool = kind === 'max' ? tf.maxPool : tf.avgPool;
              return pool(v as tf.Tensor4D, [h.kernel, w.kernel], [h.stride, w.stride], padding);
            };
            const input = tf.tensor(x, flat ? [1, h.size, w.size, c] : [1, d.size, h.size, w.size, c]);
            const shape = run(input).shape;
            const dy = values(tf.util.sizeFromShape(shape), seed + 1);
            const dx = tf.grad(run)(input, tf.tensor(dy, shape)).dataSync() as Float32Array;
            assertClose(dx, gradientByDefinition(kind, [d, h, w], c, padding, x, dy), `${kind} pool`);
          });
        },
      ),
      { numRuns: 80, seed: 5 },
    );
  });
}

test('pooling in 3-D equals the cpu backend, for negative values too', () => {
  fc.assert(
    fc.property(axis, axis, axis, channels, pad, fc.integer(), (d, h, w, c, padding, seed) => {
      fc.pre(fits(padding, [d, h, w]) && [d, h, w].every((a) => a.kernel >= a.stride));
      const x = values(d.size * h.size * w.size * c, seed).map((v) => v - 3);
      for (const pool of [tf.maxPool3d, tf.avgPool3d]) {
        const part = () =>
          pool(
            tf.tensor5d(x, [1, d.size, h.size, w.size, c]),
            [d.kernel, h.kernel, w.kernel],
            [d.stride, h.stride, w.stride],
            padding,
          );
        assertClose(onBackend('wasm', part), onBackend('cpu', part), 'pool');
      }
    }),
    { numRuns: 40, seed: 5 },
  );
});

test('sums over any axes equal the cpu backend', () => {
  const shape = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      shape,
      fc.array(fc.nat(3), { maxLength: 4 }),
      fc.boolean(),
      fc.integer(),
      (sizes, picks, keep, seed) => {
        const axes = [...new Set(picks.map((pick) => pick % sizes.length))];
        const x = values(tf.util.sizeFromShape(sizes), seed);
        const sum = () => tf.sum(tf.tensor(x, sizes), axes.length > 0 ? axes : undefined, keep);
        const expected = onBackend('cpu', () =>
          tf.sum(tf.abs(tf.tensor(x, sizes)), axes.length > 0 ? axes : undefined, keep),
        );
        const scale = expected.reduce((a, b) => Math.max(a, b), 1);
        const actual = onBackend('wasm', sum);
        assertClose([...actual, scale], [...onBackend('cpu', sum), scale], 'sum');
      },
    ),
    { numRuns: 150, seed: 5 },
  );
});

test('the gradient of a gather sums rows of equal index', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      (rows, width, picks) => {
        const ids = picks.map((pick) => pick % rows);
        const part = () =>
          tf.grad((table) => tf.sum(tf.square(tf.gather(table, tf.tensor1d(ids, 'int32')))))(
            tf.tensor2d(values(rows * width, 1), [rows, width]),
          );
        assertClose(onBackend('wasm', part), onBackend('cpu', part), 'gather');
      },
    ),
    { numRuns: 60, seed: 5 },
  );
});

test('relu, relu6 and their gradients equal the cpu backend, at the corners too', () => {
  const x = () => tf.tensor1d([-1, -0, 0, 1e-40, 0.5, 6, 6.0001, NaN, Infinity, -Infinity, 7, 2, 3]);
  for (const op of [tf.relu, tf.relu6]) {
    const part = () => tf.grad((v) => tf.sum(tf.mul(op(v), tf.range(1, 14))))(x());
    assertClose(onBackend('wasm', part), onBackend('cpu', part), 'gradient of a rectifier');
    const value = onBackend('wasm', () => op(x()));
    assertClose(
      value,
      onBackend('cpu', () => op(x())),
      'rectifier',
    );
    assert.ok(Number.isNaN(value[7]!), 'NaN goes through');
  }
});
