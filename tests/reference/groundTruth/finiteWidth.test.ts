import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseActivation } from '../../../src/model/activations/catalogue.ts';
import { exactMoments } from '../../../src/theory/activationMoments.ts';
import { fixedPoint } from '../../../src/theory/gains.ts';
import { widthVariance } from '../../../src/theory/signal.ts';
import { predict } from '../../../src/theory/predict.ts';
import { normals } from '../../support/normalStream.ts';
import { mlp } from '../../support/specs.ts';

/** theory.md §3.0: relative sd of a measured std, He-ReLU: width, L = 5, 10, 20. */
const TABLE = [
  [64, 0.31, 0.44, 0.63],
  [128, 0.22, 0.31, 0.44],
  [256, 0.16, 0.22, 0.31],
  [512, 0.11, 0.16, 0.22],
] as const;

/** theory.md §3.0: κ − 1 at the fixed point of the gain that keeps q = 1 (tanh, SELU: of gain 1). */
const KURTOSIS = [
  ['linear', 2],
  ['relu', 5],
  ['gelu', 6.2],
  ['silu', 6.3],
  ['tanh', 0.63],
  ['selu', 1.5],
] as const;

describe('theory.md §3.0: how precise one seed is', () => {
  for (const [width, ...row] of TABLE) {
    for (const [at, depth] of [5, 10, 20].entries()) {
      test(`width ${width}, depth ${depth}: ${row[at]}`, () => {
        const { sdLog } = predict(mlp(width, depth, 'he_normal', 'relu')).nodes[`d${depth}`] ?? {};
        assert.ok(sdLog !== undefined && Math.abs(sdLog - (row[at] ?? NaN)) <= 0.0051, String(sdLog));
      });
    }
  }
  for (const [id, expected] of KURTOSIS) {
    test(`κ − 1 of ${id}: ${expected}`, () => {
      const activation = parseActivation(id);
      assert.ok(activation);
      const got = widthVariance(exactMoments(activation, 0, 1), 1);
      assert.ok(Math.abs(got - expected) <= 0.051 * Math.max(1, expected), String(got));
    });
  }
  for (const [id, sd, mean] of [
    ['relu', 1.048, -0.52],
    ['linear', 0.634, undefined],
  ] as const) {
    test(`4000 ${id} nets of width 50 and depth 10: sd of log q ${sd}`, () => {
      const [nets, width, depth] = [4000, 50, 10];
      const draws = normals(id, nets * width * depth);
      const gain = id === 'relu' ? 2 : 1;
      const logs = Array.from({ length: nets }, (_, net) => {
        let log = 0;
        for (let layer = 0; layer < depth; layer += 1) {
          let sum = 0;
          for (let unit = 0; unit < width; unit += 1) {
            const z = draws[(net * depth + layer) * width + unit]!;
            if (id === 'linear' || z > 0) sum += z * z;
          }
          log += Math.log((gain * sum) / width);
        }
        return log;
      });
      const average = logs.reduce((all, next) => all + next, 0) / nets;
      const spread = Math.sqrt(logs.reduce((all, next) => all + (next - average) ** 2, 0) / (nets - 1));
      // Sampling error of both sides: sd/√(2·4000) each.
      assert.ok(Math.abs(spread - sd) < 0.05, `sd ${spread}`);
      if (mean !== undefined) assert.ok(Math.abs(average - mean) < 0.06, `mean ${average}`);
    });
  }
  test('tanh stays where its fixed point is', () => {
    const tanh = parseActivation('tanh');
    assert.ok(tanh && (fixedPoint(tanh, 1, 0)?.variance ?? 1) < 1e-3);
  });
});
