import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lossStats } from '../../../src/engine/lossStats.ts';
import { gaussianExpectation } from '../../../src/theory/quadrature.ts';
import { normals } from '../../support/normalStream.ts';

const SIZES = [0.1, 0.3, 0.5, 1, 2, 5, 10] as const;

/** theory.md §3.6: classes, E[CE] − ln C by std of the logits. */
const SOFTMAX = [
  [2, 0.003, 0.022, 0.06, 0.207, 0.636, 2.22, 4.99],
  [10, 0.005, 0.041, 0.11, 0.423, 1.47, 5.65, 13.2],
  [27, 0.005, 0.044, 0.119, 0.471, 1.72, 7.07, 16.9],
  [100, 0.005, 0.045, 0.125, 0.492, 1.89, 8.44, 20.7],
  [1000, 0.005, 0.045, 0.13, 0.496, 1.99, 10.1, 25.8],
] as const;

const BINARY = [
  [0.5, 0.03],
  [1, 0.113],
  [2, 0.375],
  [5, 1.43],
] as const;

const LOG = [
  [2, 0.6931],
  [10, 2.3026],
  [27, 3.2958],
  [100, 4.6052],
  [1000, 6.9078],
] as const;

/** Half a unit of the last digit the page gives. */
const rounding = (value: number): number =>
  0.51 * 10 ** -Math.max(0, (String(value).split('.')[1] ?? '').length);

/** E ln Σ eᶻ − ln C of C independent N(0, s²) logits: ln S = ∫ (e^(−t) − e^(−tS))/t dt, taken over ln t. */
function exact(classes: number, std: number): number {
  const [low, high, step] = [-12 * std - Math.log(classes) - 30, 12 * std + 5, 0.02];
  let sum = 0;
  for (let u = low; u < high; u += step) {
    const t = Math.exp(u);
    const each = gaussianExpectation((z) => Math.exp(-t * Math.exp(z)), 0, std * std, [-u]);
    sum += step * (Math.exp(-t) - each ** classes);
  }
  return sum - Math.log(classes);
}

/** Binary cross-entropy less ln 2 of N(0, s²) logits, in expectation over fair labels. */
const exactBinary = (std: number): number =>
  gaussianExpectation((z) => Math.log1p(Math.exp(-Math.abs(z))) + Math.abs(z) / 2, 0, std * std, [0]) -
  Math.LN2;

/** The engine's loss of N(0, s²) logits, in parts, so that the error of its mean is known. */
function measured(form: 'softmax' | 'sigmoid', units: number, std: number): { mean: number; error: number } {
  const [parts, rows] = [40, Math.max(10, Math.round(4000 / units))];
  const draws = normals(`${form} ${units}`, parts * rows * units);
  const values = Array.from({ length: parts }, (_, part) => {
    const z = draws.subarray(part * rows * units, (part + 1) * rows * units).map((value) => value * std);
    const { value, uninformed } = lossStats('out', form, form, z, units);
    return value - uninformed;
  });
  const mean = values.reduce((all, next) => all + next, 0) / parts;
  const square = values.reduce((all, next) => all + (next - mean) ** 2, 0) / (parts - 1);
  return { mean, error: Math.sqrt(square / parts) };
}

/** The page's figures are simulated: its last digit, and 1 %. The engine's loss is held to the exact one within its own error. */
function check(form: 'softmax' | 'sigmoid', units: number, std: number, page: number): void {
  const truth = form === 'softmax' ? exact(units, std) : exactBinary(std);
  assert.ok(Math.abs(truth - page) <= rounding(page) + 0.01 * page, `${truth}, the page says ${page}`);
  const { mean, error } = measured(form, units, std);
  assert.ok(Math.abs(mean - truth) <= 3.5 * error + 1e-4, `${mean} ± ${error}, not ${truth}`);
}

describe('theory.md §3.6: the excess of the initial loss', () => {
  for (const [classes, ...row] of SOFTMAX) {
    for (const [at, std] of SIZES.entries()) {
      const expected = row[at] ?? NaN;
      test(`softmax over ${classes}, logit std ${std}: ${expected}`, () => {
        check('softmax', classes, std, expected);
      });
    }
  }
  for (const [std, expected] of BINARY) {
    test(`binary, logit std ${std}: ${expected}`, () => {
      check('sigmoid', 1, std, expected);
    });
  }
  test('small logits cost s²/2', () => {
    for (const std of [0.1, 0.3, 0.5, 1])
      assert.ok(Math.abs(exact(1000, std) / (std * std * 0.5) - 1) < 0.01, String(std));
  });
  test('ln C', () => {
    for (const [classes, expected] of LOG) assert.ok(Math.abs(Math.log(classes) - expected) < 5.1e-5);
  });
});
