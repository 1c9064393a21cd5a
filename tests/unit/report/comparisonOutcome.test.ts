import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measured } from '../../../src/model/report.ts';
import { comparisonOutcome, undecided } from '../../../src/report/comparison.ts';
import { madeComparison } from '../../support/studies.ts';

const [made] = madeComparison().comparisons;
assert.ok(made);
const comparison = made;

const wide = (mean: number): Measured => ({ mean, lo: 0, hi: mean + 10, n: 3 });

test('where the intervals of a figure lie apart, the best is named', () => {
  assert.deepEqual(undecided(comparison.starts), []);
  assert.equal(comparisonOutcome(comparison), 'HeNormal starts best, without a finding.');
});

test('where every interval overlaps the best’s, it is not decided; more findings decide', () => {
  const starts = comparison.starts.map((start) => ({
    ...start,
    figures: { ...start.figures, drift: wide(start.figures.drift.mean) },
  }));
  assert.deepEqual(
    undecided(starts).map(({ id }) => id),
    ['glorot-uniform'],
  );
  assert.match(
    comparisonOutcome({ ...comparison, starts }),
    /^Not decided: over \d+ seeds nothing tells HeNormal and GlorotUniform apart\.$/,
  );
});
