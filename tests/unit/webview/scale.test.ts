import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decadesAround, logScale, powersOfTen } from '../../../webview/shared/scale.ts';

const exponents = (low: number, high: number) =>
  powersOfTen(low, high).map((value) => Math.round(Math.log10(value)));

test('labelled powers of ten stand at even steps through 1, seven steps at most', () => {
  assert.deepEqual(exponents(-2, 1), [-2, -1, 0, 1]);
  assert.deepEqual(exponents(-9, 1), [-8, -6, -4, -2, 0]);
  assert.deepEqual(exponents(-43, 1), [-40, -30, -20, -10, 0]);
  for (const [low, high] of [
    [-45, 38],
    [-3, 2],
    [-300, 300],
    [-13, 0],
  ] as const) {
    const found = exponents(low, high);
    const steps = new Set(found.slice(1).map((power, index) => power - (found[index] ?? NaN)));
    assert.equal(steps.size, 1);
    assert.ok(found.length >= 2 && found.length <= 8, String(found));
    assert.ok(found.includes(0) || low > 0 || high < 0);
  }
});

test('an axis spans whole decades, two at least', () => {
  assert.deepEqual(decadesAround(0.4, 0.9), [-2, 1]);
  assert.deepEqual(decadesAround(1, 1), [-1, 1]);
  assert.deepEqual(decadesAround(2e-7, 30), [-7, 2]);
  const { position, ticks } = logScale([1e-6, 1]);
  assert.deepEqual([position(1e-6), position(1e-3), position(1), position(0)], [0, 0.5, 1, 0]);
  assert.equal(ticks.length, 7);
});
