import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { applyActivation } from '../../src/engine/activations/activate.ts';
import { openBackend } from '../../src/engine/backends.ts';
import { parseActivation } from '../../src/model/activations/catalogue.ts';

before(() => openBackend('cpu'));

for (const name of ['gelu', 'silu']) {
  test(`the gradient of ${name} is its finite difference`, () => {
    const spec = parseActivation(name);
    assert.ok(spec);
    const z = tf.linspace(-4, 4, 41);
    const weights = tf.linspace(1, 2, 41);
    const apply = (at: tf.Tensor) => applyActivation(at, spec);
    const gradient = tf
      .grad((at) => tf.sum(tf.mul(weights, apply(at))))(z)
      .dataSync();
    const h = 1e-2;
    const [above, below] = [apply(tf.add(z, h)), apply(tf.sub(z, h))];
    const expected = tf.mul(weights, tf.div(tf.sub(above, below), 2 * h)).dataSync();
    gradient.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-3, `at ${i}`));
  });
}
