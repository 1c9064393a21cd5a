import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseActivation } from '../../src/model/activations/catalogue.ts';
import type { ActivationSpec } from '../../src/model/activations/activation.ts';
import { activationMoments, exactMoments } from '../../src/theory/activationMoments.ts';
import { fixedPoint, gains } from '../../src/theory/gains.ts';

const activation = (raw: unknown): ActivationSpec => {
  const spec = parseActivation(raw);
  assert.ok(spec);
  return spec;
};

const leaky = (slope: number): ActivationSpec =>
  activation({ class_name: 'LeakyReLU', config: { negative_slope: slope } });

/** theory.md §4.1: activation, E[φ], E[φ²], g, g_bwd, gradient per layer, slope. */
const TABLE: readonly (readonly [ActivationSpec, number, number, number, number, number, number])[] = [
  [activation('linear'), 0, 1, 1, 1, 1, 1],
  [activation('relu'), 0.3989, 0.5, 1.4142, 1.4142, 1, 1],
  [leaky(0.2), 0.319, 0.52, 1.3868, 1.3868, 1, 1],
  [leaky(0.3), 0.279, 0.545, 1.3546, 1.3546, 1, 1],
  [activation('elu'), 0.1605, 0.6449, 1.2452, 1.2234, 1.018, 0.891],
  [activation('selu'), 0, 1, 1, 0.966, 1.035, 0.783],
  [activation('gelu'), 0.2821, 0.4252, 1.5335, 1.4811, 1.035, 1.144],
  [activation('silu'), 0.2066, 0.3558, 1.6765, 1.6233, 1.033, 1.173],
  [activation('mish'), 0.2404, 0.4523, 1.4868, 1.4448, 1.029, 1.076],
  [activation('hard_swish'), 0.1662, 0.3316, 1.7367, 1.6701, 1.04, 1.224],
  [activation('softplus'), 0.8061, 0.9212, 1.0419, 1.8462, 0.564, 0.492],
  [activation('softsign'), 0, 0.183, 2.3375, 2.0958, 1.115, 0.477],
  [activation('tanh'), 0, 0.3943, 1.5925, 1.4674, 1.085, 0.461],
  [activation('sigmoid'), 0.5, 0.2934, 1.8462, 4.7226, 0.391, 0.106],
  [activation('hard_sigmoid'), 0.5, 0.2891, 1.8598, 5.0313, 0.37, 0.125],
  [activation('sin'), 0, 0.4323, 1.5209, 1.3273, 1.146, 0.313],
];

const digits = (value: number): number =>
  0.51 * 10 ** -Math.max(0, (String(value).split('.')[1] ?? '').length);

test('gains of theory.md §4.1 to its digits', () => {
  for (const [spec, ...expected] of TABLE) {
    const row = gains(spec);
    assert.ok(row);
    const got = [row.mean, row.second, row.forward, row.backward, row.gradientPerLayer, row.slope];
    expected.forEach((want, column) => {
      const tolerance = Math.max(digits(want), column === 0 && want.toString().length < 5 ? 5e-4 : 5.1e-5);
      assert.ok(
        Math.abs((got[column] ?? NaN) - want) <= tolerance,
        `${spec.id} column ${column}: ${got[column]} ≠ ${want}`,
      );
    });
  }
});

test('the table of moments agrees with quadrature to 1e-5', () => {
  for (const [spec] of TABLE) {
    for (const variance of spec.id === 'sin' ? [0.4, 1] : [1e-6, 0.013, 0.4, 1, 3.7, 55, 8e4]) {
      const table = activationMoments(spec, 0, variance);
      const exact = exactMoments(spec, 0, variance);
      assert.ok(table);
      const relative =
        Math.abs(table.second / exact.second - 1) + Math.abs(table.slopeSquared - exact.slopeSquared);
      assert.ok(relative < 2e-5, `${spec.id} at ${variance}: ${relative}`);
    }
  }
});

test('the table at mean 1, where forget gates start, agrees with quadrature', () => {
  for (const spec of [
    activation('sigmoid'),
    activation('hard_sigmoid'),
    activation('tanh'),
    activation('relu'),
  ]) {
    for (const variance of [1e-6, 0.013, 0.07, 0.4, 0.61, 1, 3.7, 55]) {
      const table = activationMoments(spec, 1, variance);
      const exact = exactMoments(spec, 1, variance);
      assert.ok(table);
      assert.notEqual(table, exact, 'the table is asked, not the quadrature');
      const off =
        Math.abs(table.second / exact.second - 1) +
        Math.abs(table.mean / exact.mean - 1) +
        Math.abs(table.slopeSquared - exact.slopeSquared);
      assert.ok(off < 1e-4, `${spec.id} at ${variance}: ${off}`);
    }
  }
});

test('correlations of He-ReLU follow the arc-cosine law (§3.4)', () => {
  const relu = activationMoments(activation('relu'), 0, 1);
  assert.ok(relu);
  for (const c of [0, 0.1, 0.318, 0.494, 0.605, 0.872, 0.948, 0.988, 1]) {
    const law = (Math.sqrt(1 - c * c) + (Math.PI - Math.acos(c)) * c) / Math.PI;
    assert.ok(Math.abs(relu.dual(c) / 0.5 - law) < 1e-3, `${c}: ${relu.dual(c) / 0.5} ≠ ${law}`);
  }
});

test('tanh critical line and depth scales (§3.4)', () => {
  const tanh = activation('tanh');
  const line: readonly (readonly [number, number, number])[] = [
    [2.01e-5, 1.05, 0.0259],
    [1e-3, 1.18919, 0.1073],
    [0.0025, 1.26009, 0.1537],
    [0.01, 1.42421, 0.2733],
    [0.05, 1.76095, 0.5701],
    [0.1, 1.98607, 0.8058],
    [0.3, 2.50513, 1.4612],
  ];
  for (const [bias, weight, variance] of line) {
    const point = fixedPoint(tanh, weight, bias);
    assert.ok(point);
    assert.ok(Math.abs(point.chi - 1) < 1e-4, `χ ${point.chi} at ${bias}`);
    assert.ok(Math.abs(point.variance - variance) < 6e-5, `q* ${point.variance} at ${bias}`);
  }
  const calm = fixedPoint(tanh, 1, 0.05);
  assert.ok(calm && Math.abs(calm.chi - 0.759) < 5e-4 && Math.abs(calm.variance - 0.1936) < 5e-5);
  assert.ok(Math.abs(calm.depthVariance - 1.75) < 6e-3 && Math.abs(calm.depthCorrelation - 3.63) < 6e-3);
  assert.ok(Math.abs((fixedPoint(tanh, 2.5, 0.05)?.chi ?? 0) - 1.134) < 5e-4);
  assert.ok(Math.abs((fixedPoint(tanh, 4, 0.05)?.chi ?? 0) - 1.342) < 5e-4);
  const gain = fixedPoint(tanh, 25 / 9, 0);
  assert.ok(gain && Math.abs(gain.variance - 1.1785) < 6e-5 && Math.abs(gain.chi - 1.21) < 5e-4);
  const wide = exactMoments(tanh, 0, 1.1785);
  // P(|t| > .9747): the 5 % edge of tanh′, a little beyond the page's .97 (5.39 %).
  assert.ok(Math.abs(wide.saturated - 0.0446) < 5e-4);
});
