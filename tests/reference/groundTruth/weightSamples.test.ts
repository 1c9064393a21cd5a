import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../../src/engine/backends.ts';
import { orthogonal } from '../../../src/engine/draws/orthogonal.ts';
import { keyOf } from '../../../src/engine/draws/philox.ts';
import { TRUNCATED_MASS } from '../../../src/engine/draws/reference.ts';
import type { Semantics } from '../../../src/model/semantics.ts';
import { gaussianExpectation } from '../../../src/theory/quadrature.ts';
import { moments } from '../../support/distributions.ts';
import { normals } from '../../support/normalStream.ts';
import { ownDraw } from '../../support/ownDraws.ts';
import { singularValues } from '../../support/singularValues.ts';

const ROOT3 = Math.sqrt(3);

/** theory.md §3.1, 1000×1000: framework, initializer, std·√1000, largest value ÷ std. The page's values are sampled: ±1e-3. */
const TABLE: readonly (readonly [Semantics, string, number, number])[] = [
  ['keras3', 'HeNormal', 1.413, 2 / 0.8796],
  ['keras3', 'GlorotNormal', 1, 2 / 0.8796],
  ['keras3', 'LecunNormal', 1, 2 / 0.8796],
  ['keras2', 'HeNormal', 1.413, 2 / 0.8796],
  ['tfjs', 'HeNormal', 1.244, 2 / 0.8796],
  ['tfjs', 'GlorotNormal', 0.8794, 2 / 0.8796],
  ['tfjs', 'LeCunNormal', 0.8794, 2 / 0.8796],
  ['keras3', 'HeUniform', 1.414, ROOT3],
  ['keras3', 'GlorotUniform', 1, ROOT3],
  ['tfjs', 'HeUniform', 1.414, ROOT3],
  ['tfjs', 'GlorotUniform', 1, ROOT3],
];

describe('theory.md §3.1: weight samples', () => {
  let generator: EngineBackend['generator'];
  before(async () => {
    ({ generator } = await openBackend('cpu'));
  });
  for (const [semantics, name, std, largest] of TABLE) {
    test(`${semantics} ${name}: std ${std}/√1000`, () => {
      const shape = [1000, 1000];
      const drawn = moments(ownDraw({ class_name: name, config: {}, shape }, semantics, generator));
      const got = drawn.std * Math.sqrt(1000);
      // A million draws: the std is known to 1/√(2·10⁶) = 7e-4 on either side.
      assert.ok(Math.abs(got / std - 1) < 2.5e-3, `std ${got}`);
      assert.ok(Math.abs(drawn.high / drawn.std / largest - 1) < 3e-3, `largest ${drawn.high / drawn.std}`);
    });
  }
  test('largest value of a Keras normal at scale 1: 2.274/√1000', () => {
    const drawn = moments(
      ownDraw({ class_name: 'LecunNormal', config: {}, shape: [1000, 1000] }, 'keras3', generator),
    );
    assert.ok(Math.abs(drawn.high * Math.sqrt(1000) - 2.274) < 2e-3);
  });
  test('the normal truncated at ±2: std 0.8796256610342398, variance 0.7737413035', () => {
    const inside = (z: number): number => (Math.abs(z) < 2 ? z * z : 0);
    const variance = gaussianExpectation(inside, 0, 1, [-2, 2]) / TRUNCATED_MASS;
    assert.ok(
      Math.abs(variance - 0.7737413035) < 1e-10 && Math.abs(Math.sqrt(variance) - 0.8796256610342398) < 1e-10,
    );
  });
  test('Keras embedding U(±0.05): std 0.0289', () => {
    const drawn = moments(
      ownDraw({ class_name: 'RandomUniform', config: {}, shape: [1000, 300] }, 'keras3', generator),
    );
    assert.ok(Math.abs(drawn.std - 0.0289) < 1e-4);
  });
  test('orthogonal: all singular values 1', () => {
    const size = 150;
    const drawn = new Float32Array(size * size);
    orthogonal(drawn, keyOf(1, 'orthogonal', ''), size, size, 1);
    for (const value of singularValues(drawn, size)) assert.ok(Math.abs(value - 1) < 1e-5);
  });
  test('Gaussian, n = 1000: largest singular value 1.988', () => {
    const size = 1000;
    const kernel = normals('gaussian', size * size).map((value) => value / Math.sqrt(size));
    let vector = normals('start', size);
    let norm = 0;
    for (let step = 0; step < 150; step += 1) {
      const forward = new Float32Array(size).map((_, row) => {
        let sum = 0;
        for (let i = 0; i < size; i += 1) sum += kernel[row * size + i]! * vector[i]!;
        return sum;
      });
      const back = new Float32Array(size);
      for (let row = 0; row < size; row += 1) {
        for (let i = 0; i < size; i += 1) back[i]! += kernel[row * size + i]! * forward[row]!;
      }
      norm = Math.sqrt(Math.hypot(...back) / Math.hypot(...vector));
      const length = Math.hypot(...back);
      vector = back.map((value) => value / length);
    }
    // Tracy–Widom: 2 − about 0.9·n^(−2/3), sd 0.6·n^(−2/3) = 0.006.
    assert.ok(Math.abs(norm - 1.988) < 0.015, String(norm));
  });
  test('Gaussian: mean singular value 8/(3π) = 0.849', () => {
    const size = 200;
    const kernel = normals('mean', size * size).map((value) => value / Math.sqrt(size));
    const values = singularValues(kernel, size);
    const mean = values.reduce((all, next) => all + next, 0) / size;
    assert.ok(
      Math.abs(mean - 8 / (3 * Math.PI)) < 0.01 && Math.abs(8 / (3 * Math.PI) - 0.849) < 5e-4,
      String(mean),
    );
  });
});
