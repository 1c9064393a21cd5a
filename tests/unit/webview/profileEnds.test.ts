import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileEnds } from '../../../webview/report/profileEnds.ts';
import { sampleLayer } from '../../support/sampleReport.ts';

const over = (mean: number, hi = mean) => ({ mean, lo: Math.min(mean, hi), hi, n: 5 });
const layers = (signals: readonly (readonly [number, number?])[], gradients: readonly number[] = []) =>
  signals.map(([mean, hi], index) =>
    sampleLayer({
      id: `d${index}`,
      measured: { preActivation: over(mean, hi), gradientNorm: over(gradients[index] ?? 1) },
    }),
  );

test('a profile says where a line ends, and whether some seeds or all have ended', () => {
  assert.deepEqual(profileEnds(layers([[1], [0.1], [0.01]])), []);
  assert.deepEqual(profileEnds(layers([[1], [0, 1e-40], [0]])), [
    'The signal ends at d1: from there at least one of the 5 seeds carries none (0, or too small for 32-bit numbers).',
  ]);
  assert.deepEqual(profileEnds(layers([[1], [1], [1]], [0, 0, 1])), [
    'The gradient ends at d1: from there it is 0 in all 5 seeds (0, or too small for 32-bit numbers).',
  ]);
});

test('a zero that the signal gets past, as of a zeroed branch end, ends nothing', () => {
  assert.deepEqual(profileEnds(layers([[1], [0], [1]])), []);
});
