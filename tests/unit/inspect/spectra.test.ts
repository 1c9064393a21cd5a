import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spectraTexts } from '../../../src/inspect/spectra.ts';
import type { WeightStats } from '../../../src/model/measurement.ts';
import { stats } from '../../support/measurements.ts';

const kernel = (layer: string, values: readonly number[], count = values.length): WeightStats => ({
  layer,
  weight: 'kernel',
  value: stats(Math.sqrt(values.reduce((all, value) => all + value * value, 0) / values.length / 64)),
  distinctUnits: 1,
  fingerprint: layer,
  singular: { count, max: values[0] ?? 0, min: values.at(-1) ?? 0, values },
});

const fresh = [kernel('d1', [2, 1.5, 1, 0.5]), kernel('d2', [2, 1.5, 1, 0.5])];

test('weights with the spectrum of the fresh draw, at any scale, get no word', () => {
  assert.deepEqual(spectraTexts(fresh, fresh), []);
  assert.deepEqual(spectraTexts([kernel('d1', [20, 15, 10, 5])], fresh), []);
});

test('lost rank is said with the fresh draw’s', () => {
  const [first, ...others] = spectraTexts([kernel('d1', [2, 1, 0, 0])], fresh);
  assert.equal(first, 'the kernel of d1 has rank 2 of 4 (fresh: 4)');
  assert.deepEqual(others, []);
  const both = spectraTexts(
    [kernel('d1', [2, 1, 0, 0], 128), kernel('d2', [1, 0, 0, 0])],
    [kernel('d1', [2, 1.5, 1, 0.5], 128), kernel('d2', [2, 1.5, 1, 0.5])],
  );
  assert.equal(both[0], 'the kernel of d1 has rank about 64 of 128 (fresh: 128), and 1 more lost rank');
});

test('a condition number ten times the fresh draw’s, and directions that lead', () => {
  assert.deepEqual(spectraTexts([kernel('d1', [2, 1.5, 1, 0.5]), kernel('d2', [2, 1.5, 1, 0.002])], fresh), [
    'the kernel of d2 has condition 1000 (fresh: 4)',
  ]);
  const wide = kernel('d3', [2, ...Array.from({ length: 15 }, () => 1.9)]);
  const leads = kernel('d3', [15, ...Array.from({ length: 15 }, () => 1.9)]);
  const [text] = spectraTexts([leads], [wide]);
  assert.match(
    text ?? '',
    /^few directions lead in d3: its largest singular value is \d\.\d+× the fresh draw's at equal rms$/,
  );
});

test('without a fresh spectrum only the rank is judged', () => {
  const plain: WeightStats = { ...fresh[0]! };
  const { singular: _, ...unmeasured } = plain;
  assert.deepEqual(spectraTexts([kernel('d1', [2, 1, 1, 0.001])], [unmeasured]), []);
  assert.deepEqual(spectraTexts([kernel('d1', [2, 1, 1, 0])], [unmeasured]), [
    'the kernel of d1 has rank 3 of 4',
  ]);
});
