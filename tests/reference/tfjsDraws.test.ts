import assert from 'node:assert/strict';
import { before, describe, mock, test } from 'node:test';
import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { criticalDistance, kolmogorovSmirnov, moments } from '../support/distributions.ts';
import type { InitializerCase } from '../support/initializerCases.ts';
import { ownDraw } from '../support/ownDraws.ts';

const matrix = [400, 300];
const scaled = ['glorotNormal', 'glorotUniform', 'heNormal', 'heUniform', 'leCunNormal', 'leCunUniform'];
const shapes = [matrix, [3, 3, 100, 120], [3, 3, 3000, 4], [120_000], [30, 40, 100], [2, 3, 4, 50, 100]];
const camel = (name: string) => name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** TF.js's own versions: no correction of the truncated normal, `||` defaults, seed 0 as none, "truncated_normal" as uniform. */
const CASES: readonly InitializerCase[] = [
  ...scaled.flatMap((class_name) => shapes.map((shape) => ({ class_name, config: { seed: 3 }, shape }))),
  {
    class_name: 'varianceScaling',
    config: { scale: 2, mode: 'fanIn', distribution: 'normal', seed: 3 },
    shape: matrix,
  },
  {
    class_name: 'varianceScaling',
    config: { scale: 2, mode: 'fanOut', distribution: 'uniform', seed: 3 },
    shape: matrix,
  },
  {
    class_name: 'varianceScaling',
    config: { scale: 2, mode: 'fanAvg', distribution: 'truncatedNormal', seed: 3 },
    shape: matrix,
  },
  { class_name: 'randomNormal', config: { stddev: 0, seed: 3 }, shape: matrix },
  { class_name: 'randomNormal', config: { mean: 0.2, stddev: 0.1, seed: 0 }, shape: matrix },
  { class_name: 'randomUniform', config: { minval: 0, maxval: 1, seed: 3 }, shape: matrix },
  { class_name: 'randomUniform', config: { seed: 3 }, shape: matrix },
  { class_name: 'truncatedNormal', config: { stddev: 0.5, seed: 3 }, shape: matrix },
  { class_name: 'orthogonal', config: { gain: 2, seed: 3 }, shape: [330, 310] },
  { class_name: 'identity', config: { gain: 3 }, shape: [5, 5] },
  { class_name: 'constant', config: { value: 0.5 }, shape: [7] },
];

/** Everything but the plain normal and orthogonal draws is cut off: at a uniform's ends, or at two deviations. */
const BOUNDED = /^(?!randomNormal|orthogonal)/;

describe('our draws have the distribution of TF.js', () => {
  let backend: EngineBackend;
  before(async () => {
    backend = await openBackend('wasm');
    // What TF.js draws without a seed is the same in every run: the bounds below are passed with a probability only.
    let state = 1;
    mock.method(Math, 'random', () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647);
  });
  for (const given of CASES) {
    test(`${given.class_name} ${JSON.stringify(given.config)} (${given.shape.join(', ')})`, () => {
      const make = (
        tfl.initializers as unknown as Record<
          string,
          (config: object) => { apply(shape: number[]): tf.Tensor }
        >
      )[given.class_name]!;
      const theirs = Float32Array.from(
        make(given.config)
          .apply([...given.shape])
          .dataSync(),
      );
      const raw = {
        ...given,
        class_name: given.class_name[0]!.toUpperCase() + camel(given.class_name).slice(1),
      };
      const ours = ownDraw(raw, 'tfjs', backend.generator);
      const [a, b] = [moments(ours), moments(theirs)];
      if (b.std < 1e-7 || given.class_name === 'identity') {
        assert.deepEqual([...ours], [...theirs]);
        return;
      }
      const distance = kolmogorovSmirnov(ours, theirs);
      assert.ok(distance < criticalDistance(ours.length, theirs.length), `distance ${distance}`);
      assert.ok(
        Math.abs(a.std / b.std - 1) < (given.class_name === 'orthogonal' ? 1e-3 : 0.015),
        `std ${a.std} and ${b.std}`,
      );
      if (BOUNDED.test(given.class_name))
        for (const side of ['low', 'high'] as const)
          assert.ok(Math.abs(a[side] - b[side]) < 0.01 * b.std, `${side} ${a[side]} and ${b[side]}`);
    });
  }
});
