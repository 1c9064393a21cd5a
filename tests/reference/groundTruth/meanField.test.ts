import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseActivation } from '../../../src/model/activations/catalogue.ts';
import { activationMoments } from '../../../src/theory/activationMoments.ts';
import { fixedPoint } from '../../../src/theory/gains.ts';
import { gaussianExpectation } from '../../../src/theory/quadrature.ts';
import { orthogonal } from '../../../src/engine/draws/orthogonal.ts';
import { keyOf } from '../../../src/engine/draws/philox.ts';
import { normals } from '../../support/normalStream.ts';
import { matrixProduct, singularValues } from '../../support/singularValues.ts';

const tanh = parseActivation('tanh');
const relu = parseActivation('relu');
if (tanh === undefined || relu === undefined) throw new Error('no such activation');

/** theory.md §3.4, tanh's critical line: σ_b², σ_w², q*. */
const LINE = [
  [0, 1, 0],
  [2.01e-5, 1.05, 0.0259],
  [1e-3, 1.18919, 0.1073],
  [0.0025, 1.26009, 0.1537],
  [0.01, 1.42421, 0.2733],
  [0.05, 1.76095, 0.5701],
  [0.1, 1.98607, 0.8058],
  [0.3, 2.50513, 1.4612],
] as const;

/** σ_w² at σ_b² = 0.05: χ, and where the page gives them q*, ξ_q, ξ_c. */
const AT_005 = [
  [1, 0.759, 0.1936, 1.75, 3.63],
  [1.3, 0.88, undefined, undefined, 7.83],
  [2.5, 1.134, undefined, undefined, undefined],
  [4, 1.342, undefined, undefined, undefined],
] as const;

describe('theory.md §3.4: mean field', () => {
  for (const [bias, weight, q] of LINE) {
    test(`tanh is critical at σ_b² = ${bias}, σ_w² = ${weight}`, () => {
      const point = fixedPoint(tanh, weight, bias);
      assert.ok(point);
      // Without bias q* is 0, which the iteration nears as 1/(2·step).
      const loose = bias === 0 ? 1e-4 : 6e-5;
      assert.ok(Math.abs(point.variance - q) < loose, `q* ${point.variance}`);
      assert.ok(Math.abs(point.chi - 1) < 1e-4, `χ ${point.chi}`);
    });
  }
  for (const [weight, chi, q, depthVariance, depthCorrelation] of AT_005) {
    test(`tanh at σ_b² = 0.05, σ_w² = ${weight}: χ ${chi}`, () => {
      const point = fixedPoint(tanh, weight, 0.05);
      assert.ok(point && Math.abs(point.chi - chi) < 5.1e-4, String(point?.chi));
      if (q !== undefined) assert.ok(Math.abs(point.variance - q) < 5.1e-5);
      if (depthVariance !== undefined) assert.ok(Math.abs(point.depthVariance - depthVariance) < 6e-3);
      if (depthCorrelation !== undefined)
        assert.ok(Math.abs(point.depthCorrelation - depthCorrelation) < 6e-3, String(point.depthCorrelation));
    });
  }
  test('ReLU is critical at (2, 0): q stays where it starts, χ = 1', () => {
    for (const q of [0.01, 1, 50]) {
      const moments = activationMoments(relu, 0, q);
      assert.ok(moments && Math.abs((2 * moments.second) / q - 1) < 1e-6);
      assert.ok(Math.abs(2 * moments.slopeSquared - 1) < 1e-6);
    }
  });
  test('tanh with gain 5/3: q* 1.1785, std 1.0856 before and 0.6514 after, 5.39 % beyond 0.97, χ 1.210', () => {
    const point = fixedPoint(tanh, 25 / 9, 0);
    assert.ok(point && Math.abs(point.variance - 1.1785) < 5.1e-5);
    assert.ok(Math.abs(Math.sqrt(point.variance) - 1.0856) < 5.1e-5, `std ${Math.sqrt(point.variance)}`);
    assert.ok(Math.abs(point.chi - 1.21) < 5.1e-4, `χ ${point.chi}`);
    const second = gaussianExpectation((z) => Math.tanh(z) ** 2, 0, point.variance);
    assert.ok(Math.abs(Math.sqrt(second) - 0.6514) < 6e-5, `std ${Math.sqrt(second)}`);
    const edge = Math.atanh(0.97);
    const beyond = gaussianExpectation((z) => (Math.abs(z) > edge ? 1 : 0), 0, point.variance, [-edge, edge]);
    assert.ok(Math.abs(beyond - 0.0539) < 5.1e-5, String(beyond));
  });
  test('correlation of two inputs in a He-ReLU net, from 0', () => {
    const law = (c: number): number => (Math.sqrt(1 - c * c) + (Math.PI - Math.acos(c)) * c) / Math.PI;
    const moments = activationMoments(relu, 0, 1);
    assert.ok(moments);
    let [exact, tabled] = [0, 0];
    const page = new Map([
      [1, 0.318],
      [2, 0.494],
      [3, 0.605],
      [5, 0.736],
      [10, 0.872],
      [20, 0.948],
      [50, 0.988],
    ]);
    for (let depth = 1; depth <= 50; depth += 1) {
      exact = law(exact);
      tabled = moments.dual(tabled) / moments.second;
      const expected = page.get(depth);
      if (expected === undefined) continue;
      assert.ok(Math.abs(exact - expected) < 5.1e-4, `layer ${depth}: ${exact}`);
      assert.ok(Math.abs(tabled - expected) < 2e-3, `layer ${depth} of the table: ${tabled}`);
    }
  });
});

describe('theory.md §3.4: singular values of 50 linear layers, n = 200', () => {
  const [size, depth] = [200, 50];
  const product = (layer: (index: number) => ArrayLike<number>): Float64Array => {
    let whole: Float64Array = Float64Array.from(layer(0));
    for (let index = 1; index < depth; index += 1)
      whole = matrixProduct(Float64Array.from(layer(index)), whole, size);
    return whole;
  };
  test('orthogonal: exactly 1', () => {
    const whole = product((index) => {
      const drawn = new Float32Array(size * size);
      orthogonal(drawn, keyOf(index, 'product', ''), size, size, 1);
      return drawn;
    });
    for (const value of singularValues(whole, size)) assert.ok(Math.abs(value - 1) < 1e-4, String(value));
  });
  test('Gaussian: the largest near 16.5; the smallest is far below the page’s 3e-18, which is the rounding of float64', () => {
    const kernels = Array.from({ length: depth }, (_, index) =>
      normals(`product ${index}`, size * size).map((value) => value / Math.sqrt(size)),
    );
    const values = singularValues(
      product((index) => kernels[index] ?? []),
      size,
    );
    const largest = values[0] ?? NaN;
    // One draw: the sd of its logarithm is that of a 50-layer net of this width, about √(50/(2·200)) = 0.35.
    assert.ok(Math.abs(Math.log(largest / 16.5)) < 1.1, `largest ${largest}`);
    // |det W|: Σ ½(ψ(k/2) + ln 2 − ln n); the smallest of one layer goes as ½(ψ(½) + ln 2 − ln n) = −3.28, fifty as e^−164.
    const one = 0.5 * (-1.9635 + Math.LN2 - Math.log(size));
    assert.ok(Math.abs(depth * one + 164.2) < 0.5);
    assert.ok((values.at(-1) ?? NaN) < 1e-15 * largest, `smallest ${values.at(-1)}`);
  });
});
