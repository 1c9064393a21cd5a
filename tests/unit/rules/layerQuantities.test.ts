import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerQuantities } from '../../../src/rules/layerQuantities.ts';
import { predict } from '../../../src/theory/predict.ts';
import { measurement } from '../../support/measurements.ts';
import { mlp } from '../../support/specs.ts';

const HE = { class_name: 'HeNormal', config: {} };

/** The size of one layer's signal over five seeds. */
function measuredOf(rms: (seed: number) => number) {
  const spec = mlp(16, 2, HE, 'relu');
  let seed = 0;
  const taken = measurement(() => ({ taps: [{ node: 'd1', quantity: 'preActivation', rms: rms(seed++) }] }));
  return layerQuantities(spec, predict(spec), taken)['d1']?.preActivation;
}

test('a scale is the geometric mean over seeds', () => {
  const found = measuredOf((seed) => 10 ** -(seed % 3));
  assert.ok(found !== undefined && Math.abs(Math.log10(found.mean) + 0.8) < 1e-9);
});

test('where a seed has underflowed the mean is 0, not that of the seeds that are left', () => {
  const found = measuredOf((seed) => (seed === 0 ? 0 : 1e-40));
  assert.deepEqual(found, { mean: 0, lo: 0, hi: 1e-40, n: 5 });
});

test('a value that is no number stays one', () => {
  assert.ok(Number.isNaN(measuredOf((seed) => (seed === 0 ? NaN : 1))?.mean));
});
