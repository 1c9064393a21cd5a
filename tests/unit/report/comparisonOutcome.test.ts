import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measured } from '../../../src/model/report.ts';
import { comparisonOutcome, glorotOrHe, undecided } from '../../../src/report/comparisonWords.ts';
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

test('a best start that the second beats in a later figure is named with that', () => {
  const [best, second] = comparison.starts;
  assert.ok(best && second);
  const share = (mean: number): Measured => ({ mean, lo: mean - 0.01, hi: mean + 0.01, n: 3 });
  const starts = [
    { ...best, figures: { ...best.figures, saturated: share(0.3) } },
    { ...second, findings: [], figures: { ...second.figures, saturated: share(0.02) } },
  ];
  assert.equal(
    comparisonOutcome({ ...comparison, starts }),
    'HeNormal starts best, without a finding; but GlorotUniform saturates fewer values (2 % against 30 %).',
  );
});

test('Glorot or He: said plainly, from findings and then from figures', () => {
  const at = (id: string): number => comparison.starts.findIndex((start) => start.id.startsWith(id));
  const withFindings = (glorot: string[], he: string[]): string =>
    glorotOrHe({
      ...comparison,
      starts: comparison.starts.map((start, index) =>
        index === at('glorot-')
          ? { ...start, findings: glorot }
          : index === at('he-')
            ? { ...start, findings: he }
            : start,
      ),
    });
  assert.match(
    withFindings(['vanishing-signal'], []),
    /He fits this model; Glorot shows vanishing-signal\.$/,
  );
  assert.match(withFindings([], ['dead-relu']), /Glorot fits this model; He shows dead-relu\.$/);
  assert.match(withFindings(['dead-relu'], ['dead-relu']), /neither fits this model, both show dead-relu\.$/);
  assert.match(
    withFindings([], []),
    /neither is a fault in this model; He drifts less over depth \(signal .+, against .+\)\.$/,
  );
  const starts = comparison.starts.map((start) => ({
    ...start,
    figures: { ...start.figures, drift: wide(1), dead: wide(0), saturated: wide(0), initialLoss: wide(2) },
    findings: [],
  }));
  assert.match(
    glorotOrHe({ ...comparison, starts }),
    /both fit this model; these seeds show no difference\.$/,
  );
  assert.equal(glorotOrHe({ ...comparison, starts: starts.slice(0, 1) }), '');
});
