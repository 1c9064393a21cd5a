import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type EngineBackend, openBackend } from '../../../src/engine/backends.ts';
import { fingerprint } from '../../../src/engine/fingerprint.ts';
import { openOwnMemory } from '../../../src/engine/kernels/ownMemory.ts';
import { copiedStatistics, unitLayout } from '../../../src/engine/statistics.ts';
import { distinctUnits, joinUnits, tallyOf, unitStats } from '../../../src/engine/unitSums.ts';
import { irregular } from '../../support/runLayers.ts';

for (const name of ['cpu', 'wasm', 'copied'] as const) {
  describe(`statistics on ${name}`, () => {
    let backend: EngineBackend;
    before(async () => {
      backend = await openBackend(name === 'copied' ? 'cpu' : name);
      if (name !== 'copied') return;
      const memory = await openOwnMemory();
      assert.ok(memory !== undefined);
      const { view } = backend;
      backend = { ...backend, statistics: copiedStatistics(memory, (tensor) => view(tensor)) };
    });
    const reduce = (values: number[], shape: number[], axis = -1) => {
      const tensor = tf.tensor(values, shape, 'float32');
      const reduction = backend.statistics.reduce(tensor, unitLayout(shape, axis), { sums: true });
      tensor.dispose();
      return reduction;
    };

    test('moments, zeros, extremes and percentiles', () => {
      const { value } = reduce([0, 1, 2, 3, 4, -5], [2, 3]);
      assert.equal(value.count, 6);
      assert.ok(Math.abs(value.mean - 5 / 6) < 1e-12);
      assert.ok(Math.abs(value.rms - Math.sqrt(55 / 6)) < 1e-12);
      assert.deepEqual([value.min, value.max, value.zeros, value.nonFinite], [-5, 4, 1 / 6, 0]);
      assert.equal(
        value.histogram.counts.reduce((sum, count) => sum + count, 0),
        6,
      );
      const many = reduce([...irregular(100_000, 3)], [1000, 100]).value;
      [-0.98, -0.9, 0, 0.9, 0.98].forEach((expected, i) =>
        assert.ok(Math.abs(many.percentiles[i]! - expected) < 0.02, `${many.percentiles.join(' ')}`),
      );
    });

    test('values whose squares float32 cannot hold, and non-finite ones', () => {
      const { value } = reduce([3e30, -3e30, 3e30, -3e30], [2, 2]);
      assert.ok(Math.abs(value.rms / 3e30 - 1) < 1e-6 && Math.abs(value.std / 3e30 - 1) < 1e-6);
      const broken = reduce([1, NaN, Infinity, 3], [2, 2]).value;
      assert.deepEqual([broken.nonFinite, broken.mean, broken.min, broken.max], [0.5, 2, 1, 3]);
      const nothing = reduce([NaN, NaN, -Infinity, NaN], [2, 2]).value;
      assert.deepEqual([nothing.nonFinite, nothing.rms], [1, 0]);
      assert.ok(!JSON.stringify(nothing).includes('null'));
    });

    test('a large mean does not spoil a small deviation', () => {
      const values = Array.from({ length: 4096 }, (_, i) => 1024 + (i % 2 === 0 ? 0.125 : -0.125));
      assert.ok(Math.abs(reduce(values, [64, 64]).value.std - 0.125) < 1e-9);
    });

    test('dead, always-on, constant and duplicated units', () => {
      const rows = [
        [0, 1, 5, 2, 1],
        [0, 2, 5, 0, 2],
        [0, 3, 5, 1, 3],
      ];
      const { units } = reduce(rows.flat(), [3, 5]);
      const stats = unitStats(units!, true);
      assert.deepEqual(
        [stats.units, stats.samples, stats.dead, stats.alwaysOn, stats.constant, stats.duplicated],
        [5, 3, 1 / 5, 3 / 5, 2 / 5, 1 - 4 / 5],
      );
      const std = Math.sqrt((2 / 3 + 2 / 3 + 2 / 3) / 5);
      assert.ok(Math.abs(stats.stdOverData - std) < 1e-12);
    });

    test('units along an inner axis are those along the last of the transposed tensor', () => {
      const values = [...irregular(2 * 3 * 4 * 5, 1)];
      const tensor = tf.tensor(values, [2, 3, 4, 5]);
      const turned = tf.transpose(tensor, [0, 2, 3, 1]);
      const a = unitStats(backend.statistics.reduce(tensor, unitLayout([2, 3, 4, 5], 1)).units!, false);
      const b = unitStats(backend.statistics.reduce(turned, unitLayout([2, 4, 5, 3], -1)).units!, false);
      assert.equal(a.samples, b.samples);
      assert.ok(Math.abs(a.stdOverData - b.stdOverData) < 1e-7 && Math.abs(a.cosine - b.cosine) < 1e-6);
      tf.dispose([tensor, turned]);
    });

    test('an identity matrix has distinct units, a constant one a single', () => {
      const identity = Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0));
      assert.equal(distinctUnits(reduce(identity, [6, 6]).units!), 1);
      assert.equal(distinctUnits(reduce(new Array<number>(36).fill(0.3), [6, 6]).units!), 1 / 6);
    });

    test('parts of a batch join to the whole', () => {
      const values = [...irregular(96 * 8, 5)].map((value) => Math.max(0, value));
      const whole = unitStats(reduce(values, [96, 8]).units!, true);
      const first = reduce(values.slice(0, 32 * 8), [32, 8]).sums!;
      joinUnits(first, reduce(values.slice(32 * 8), [64, 8]).sums!);
      const joined = unitStats(tallyOf(first), true);
      assert.equal(joined.samples, 96);
      assert.ok(Math.abs(joined.stdOverData - whole.stdOverData) < 1e-6);
      assert.deepEqual([joined.dead, joined.alwaysOn], [whole.dead, whole.alwaysOn]);
    });

    test('what is said of the units is what their sums come to, equal and dead ones among them', () => {
      for (const units of [1, 2, 3, 4, 7, 64, 1000]) {
        const rows = 70;
        const values = [...irregular(rows * units, units)];
        for (let i = 0; i < values.length; i++) {
          const unit = i % units;
          if (unit % 5 === 4) values[i] = values[i - 3]!;
          if (unit % 7 === 6) values[i] = 0;
          if (unit % 11 === 10) values[i] = (i / units) & 1 ? 1 : -1;
        }
        const { units: own, sums } = reduce(values, [rows, units]);
        const { variances, meanSizes, ...counts } = tallyOf(sums!);
        const { variances: ownVariances, meanSizes: ownSizes, ...ownCounts } = own!;
        assert.deepEqual(ownCounts, counts);
        assert.ok(Math.abs(ownVariances - variances) <= 1e-9 * variances);
        assert.ok(Math.abs(ownSizes - meanSizes) <= 1e-9 * (1 + meanSizes));
        const distinct = new Set(
          Array.from({ length: units }, (_, unit) =>
            Array.from({ length: rows }, (__, row) => Math.fround(values[row * units + unit]!)).join(),
          ),
        );
        assert.equal(own!.distinct, distinct.size);
      }
    });

    test('units that differ in the order of their values alone are not duplicated', () => {
      const values = Array.from(
        { length: 64 * 4 },
        (_, i) => ((i >> 2) ^ (i & 3) ? 0 : 1) + ((i >> 2) % 8) * (i & 1),
      );
      const orders = values.map((value, i) => (i & 3 ? value : values[((63 - (i >> 2)) << 2) | 1]!));
      assert.equal(reduce(orders, [64, 4]).units!.distinct, 4);
    });

    test('fingerprints are equal for equal bits only, and the same on every backend', () => {
      const data = Float32Array.from(irregular(1003, 2));
      const of = (values: Float32Array) => {
        const tensor = tf.tensor1d(values);
        const print = backend.statistics.fingerprint(tensor);
        tensor.dispose();
        return print;
      };
      assert.equal(of(data), fingerprint(data));
      assert.match(of(data), /^[0-9a-f]{16}$/);
      const swapped = data.slice();
      [swapped[3], swapped[3 + 16 * 32]] = [swapped[3 + 16 * 32]!, swapped[3]!];
      const longer = Float32Array.from([...data, 0]);
      assert.equal(new Set([data, swapped, data.subarray(1), longer, data.toReversed()].map(of)).size, 5);
    });

    test('the mean cosine of equal samples is 1, of opposite ones negative', () => {
      assert.ok(Math.abs(unitStats(reduce([1, 2, 1, 2, 1, 2], [3, 2]).units!, false).cosine - 1) < 1e-6);
      assert.ok(Math.abs(unitStats(reduce([1, 2, -1, -2], [2, 2]).units!, false).cosine + 1) < 1e-6);
    });
  });
}
