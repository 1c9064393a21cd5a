import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertClose, startKernels } from '../support/kernels.ts';

before(() => startKernels('plain'));

/** erf by its Maclaurin series (|x| < 3) and its continued fraction, in float64. */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z < 3) {
    let [sum, term] = [z, z];
    for (let n = 1; n < 120; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction));
}

for (const [name, op, truth] of [
  ['erf', tf.erf, erf],
  ['tanh', tf.tanh, Math.tanh],
] as const) {
  test(`${name} has a relative error below 10⁻⁶ everywhere`, () => {
    const x = Float32Array.from({ length: 20_003 }, (_, i) => (i - 10_001) / 900);
    const y = tf.tidy(() => op(tf.tensor1d(x)).dataSync());
    y.forEach((value, i) => {
      const expected = truth(x[i]!);
      assert.ok(
        Math.abs(value - expected) <= 1e-6 * Math.abs(expected),
        `${name}(${x[i]}) = ${value}, not ${expected}`,
      );
      assert.ok(Math.abs(value) <= 1);
    });
  });

  test(`${name} of what is special, in every length`, () => {
    const x = [NaN, Infinity, -Infinity, 0, 1e-38, -1e30, 0.5];
    for (let n = 0; n <= x.length; n++) {
      const y = tf.tidy(() => op(tf.tensor1d(x.slice(0, n))).dataSync());
      assertClose(y, x.slice(0, n).map(truth), name, 1e-6);
    }
  });
}
