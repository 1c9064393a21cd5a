import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricOf, metricWords, valueOf } from '../../../webview/shared/metrics.ts';
import { layerNumbers, seedsOf } from '../../../webview/shared/layerNumbers.ts';
import { pointText } from '../../../webview/report/profileLines.ts';
import { sampleLayer } from '../../support/sampleReport.ts';

const over = (mean: number, lo: number, hi: number, n = 5) => ({ mean, lo, hi, n });

const layer = sampleLayer({
  id: 'd0',
  measured: {
    preActivation: over(0.0727, 0.0711, 0.0743),
    gradientNorm: over(3.7e-4, 2.9e-4, 4.8e-4),
    zeros: over(0.5, 0.48, 0.52),
    dead: over(0, 0, 0),
    cosine: over(1e-9, -0.02, 0.02),
    weight: over(0.02, 0.02, 0.02),
  },
  predicted: { preActivation: 0.08, dead: 0 },
  expected: { preActivation: over(1.2, 1.1, 1.3) },
});
const row = (title: string) => layerNumbers(layer).find((each) => each.title === title);

test('every measured number of a layer has its interval over seeds, in its own unit', () => {
  const { measured, interval, predicted, expected, words } = row('pre-activation') ?? assert.fail();
  assert.deepEqual([measured, interval, predicted, expected], ['0.0727', '[0.0711, 0.0743]', '0.08', '1.2']);
  assert.deepEqual(words, {
    measured: '0.0727 [0.0711, 0.0743] over 5 seeds',
    expected: '1.2 [1.1, 1.3] over 5 seeds',
  });
  assert.equal(row('gradient')?.interval, '[2.9·10⁻⁴, 4.8·10⁻⁴]');
  assert.deepEqual([row('zeros')?.measured, row('zeros')?.interval], ['50 %', '[48 %, 52 %]']);
  assert.deepEqual([row('cosine')?.measured, row('cosine')?.interval], ['0', '[−0.02, 0.02]']);
  assert.equal(seedsOf(layer), 'over 5 seeds');
});

test('a number that is the same in all seeds, or of one seed, has no interval; a quantity of zeros is left out', () => {
  assert.equal(row('weight')?.interval, '');
  assert.equal(row('dead units'), undefined);
  const measured = { activation: over(0.5, 0, Infinity, 1) };
  const one = sampleLayer({ id: 'd0', measured, predicted: {}, expected: {} });
  assert.deepEqual(
    layerNumbers(one).map(({ interval, words }) => [interval, words.measured]),
    [['', '0.5 of one seed']],
  );
  assert.equal(seedsOf(one), 'of one seed');
  assert.equal(seedsOf({ ...one, measured: {} }), '');
});

test('a metric of a layer is told with its interval, and where a number is only predicted with that word', () => {
  const signal = metricOf('signal');
  assert.equal(
    metricWords(valueOf(layer, signal), signal),
    'measured 0.0727 [0.0711, 0.0743] over 5 seeds, expected 1.2 [1.1, 1.3], predicted 0.08',
  );
  assert.equal(metricWords({ predicted: 0.5 }, metricOf('zeros')), 'predicted 50 %');
  assert.equal(metricWords({}, signal), 'not measured');
});

test('a point of the profile says its interval where it was measured', () => {
  assert.equal(pointText('signal', layer, 0.0727), 'signal: 0.0727 [0.0711, 0.0743]');
  assert.equal(pointText('signal, well initialized', layer, 1.2), 'signal, well initialized: 1.2 [1.1, 1.3]');
  assert.equal(pointText('signal predicted', layer, 0.08), 'signal predicted: 0.08');
  assert.equal(pointText('gradient, well initialized', layer, null), 'gradient, well initialized: –');
});
