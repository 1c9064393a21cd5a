import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { heapTensorStats, plainTensor, tensorStatsOf } from '../../src/engine/tensorStats.ts';
import { binEdges, binOf } from '../../src/engine/kernels/floatBins.ts';
import type { Heap } from '../../src/engine/kernels/heap.ts';
import { heapCosine, tapStats } from '../../src/engine/kernels/tapStats.ts';
import { meanCosine } from '../../src/engine/meanCosine.ts';
import { heapStatistics, plainStatistics, unitLayout } from '../../src/engine/statistics.ts';
import { startKernels, values } from '../support/kernels.ts';

let heap: Heap;
before(async () => {
  heap = await startKernels('plain');
});

interface Plain {
  count: number;
  nonFinite: number;
  zeros: number;
  saturated: number;
  mean: number;
  m2: number;
  min: number;
  max: number;
}

function plainStats(data: readonly number[], low: number, high: number): Plain {
  const finite = data.filter(Number.isFinite);
  const mean = finite.reduce((a, b) => a + b, 0) / finite.length;
  return {
    count: data.length,
    nonFinite: data.length - finite.length,
    zeros: finite.filter((v) => v === 0).length,
    saturated: finite.filter((v) => v < low || v > high).length,
    mean,
    m2: finite.reduce((sum, v) => sum + (v - mean) ** 2, 0),
    min: Math.min(...finite),
    max: Math.max(...finite),
  };
}

function near(actual: number, expected: number, scale: number, what: string): void {
  if (Number.isNaN(expected)) assert.ok(Number.isNaN(actual), `${what}: ${actual}`);
  else if (!Number.isFinite(expected)) assert.equal(actual, expected, what);
  else assert.ok(Math.abs(actual - expected) <= 2e-6 * scale, `${what}: ${actual} is not ${expected}`);
}

const special = fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1e38, -3e38, 1e-40, 6, 6);

test('totals, units and histogram equal plain loops, whatever the shape and the values', () => {
  const cases = fc.record({
    rows: fc.integer({ min: 0, max: 40 }),
    units: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(100, 1000)),
    seed: fc.integer(),
    specials: fc.array(fc.tuple(fc.nat(), special), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(cases, ({ rows, units, seed, specials }) => {
      const data = values(rows * units, seed);
      for (const [at, value] of specials) if (data.length > 0) data[at % data.length] = value;
      const x = tf.tensor2d(data, [rows, units]);
      const raw = tapStats(heap, x, { units: 'sums', flat: { low: -1, high: 1.5 } });
      x.dispose();
      const all = Array.from(data);
      const compare = (actual: Plain, expected: Plain, what: string) => {
        const scale = Math.max(1e-30, Math.abs(expected.min), Math.abs(expected.max));
        for (const name of ['count', 'nonFinite', 'zeros', 'saturated', 'min', 'max'] as const)
          assert.equal(actual[name] + 0, expected[name] + 0, `${what} ${name}`);
        if (expected.count === expected.nonFinite) return;
        near(actual.mean, expected.mean, scale, `${what} mean`);
        near(actual.m2, expected.m2, scale * scale * expected.count, `${what} m2`);
      };
      compare(raw, plainStats(all, -1, 1.5), 'total');
      for (let unit = 0; unit < units && rows > 0; unit++) {
        const of = raw.units!;
        const own = {
          mean: of.mean[unit]!,
          m2: of.m2[unit]!,
          min: of.min[unit]!,
          max: of.max[unit]!,
          zeros: of.zeros[unit]!,
          saturated: of.saturated[unit]!,
          nonFinite: of.nonFinite[unit]!,
          count: of.samples,
        };
        compare(
          own,
          plainStats(
            Array.from({ length: rows }, (_, row) => data[row * units + unit]!),
            -1,
            1.5,
          ),
          `unit ${unit}`,
        );
      }
      if (raw.min >= raw.max) return;
      const expected = tensorStatsOf(plainTensor(data));
      const shares = heapTensorStats(raw);
      if (data.length <= 16_384) {
        // Which of 0 and −0 stands at a share is not told apart.
        const text = (value: unknown) => JSON.stringify(value);
        assert.equal(text(shares.percentiles), text(expected.percentiles));
        assert.equal(text(shares.histogram), text(expected.histogram));
      } else {
        const off = shares.histogram.counts.map((many, bin) =>
          Math.abs(many - expected.histogram.counts[bin]!),
        );
        assert.ok(Math.max(...off) <= 0.03 * data.length, `bins off by ${Math.max(...off)}`);
      }
    }),
    { numRuns: 200, seed: 5 },
  );
});

test('a constant unit has exactly no variance and equal units are twins', () => {
  const rows = 1001;
  const data = new Float32Array(rows * 5);
  const noise = values(rows, 3);
  for (let r = 0; r < rows; r++) data.set([1e30, noise[r]!, 0, noise[r]!, -noise[r]!], r * 5);
  const x = tf.tensor2d(data, [rows, 5]);
  const { units } = tapStats(heap, x, { units: 'sums' });
  assert.equal(units!.m2[0], 0);
  assert.equal(units!.zeros[2], rows);
  assert.deepEqual([...units!.twin], [0, 1, 2, 1, 4]);
});

test('a far mean does not cost the variance its digits', () => {
  const data = values(100_000, 9).map((v) => 1e4 + v);
  const raw = tapStats(heap, tf.tensor1d(data));
  const expected = plainStats(Array.from(data), -1, 1);
  assert.ok(Math.abs(raw.m2 / expected.m2 - 1) < 1e-6);
});

test('the histogram of a large tensor is that of a sample that meets every column', () => {
  const rows = 4096;
  const data = new Float32Array(rows * 96);
  for (let i = 0; i < data.length; i++) data[i] = 1 + (i % 96);
  const whole = tensorStatsOf(plainTensor(data));
  for (const x of [tf.tensor2d(data, [rows, 96]), tf.tensor1d(data)]) {
    const own = heapTensorStats(tapStats(heap, x, x.rank === 2 ? { units: 'tally' } : {}));
    own.percentiles.forEach((value, i) => assert.ok(Math.abs(value / whole.percentiles[i]! - 1) < 0.05));
    own.histogram.counts.forEach((many, bin) => {
      const all = whole.histogram.counts[bin]!;
      assert.ok(many > 0 && Math.abs(many - all) < 0.05 * all, `bin ${bin}: ${many}, not ${all}`);
    });
    x.dispose();
  }
});

test('mean cosine equals that of plain loops, whatever the size of a sample', () => {
  for (const [samples, size] of [
    [2, 5],
    [7, 512],
    [40, 100],
    [3, 20_000],
  ] as const) {
    const data = values(samples * size, size).map((v, i) => v + 0.3 * (i % 3));
    if (samples > 2) data.fill(0, 0, size);
    const x = tf.tensor2d(data, [samples, size]);
    const [own, plain] = [heapCosine(heap, x, samples), meanCosine(data, samples)];
    assert.ok(Math.abs(own - plain) < 1e-6, `${samples} × ${size}: ${own} is not ${plain}`);
  }
});

test('the edges of a bin hold its values', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      fc.pre(value !== 0);
      const [low, high] = binEdges(binOf(value));
      assert.ok(low <= value && value <= high, `${value} outside [${low}, ${high}]`);
    }),
  );
});

test('units that are not the last axis, but have nothing behind them, are counted as plain loops do', () => {
  const x = tf.randomNormal([3, 3, 6, 1], 0, 1, 'float32', 7);
  const view = (tensor: tf.TensorInfo): Float32Array => heap.backend.readSync(tensor.dataId) as Float32Array;
  const layout = unitLayout(x.shape, 2);
  const own = heapStatistics(heap, view).reduce(x, layout).units;
  const plain = plainStatistics(view).reduce(x, layout).units;
  assert.equal(own?.distinct, 6);
  assert.equal(own.constant, plain?.constant);
  near(own.variances, plain?.variances ?? NaN, 1, 'variances');
});
