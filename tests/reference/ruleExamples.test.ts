import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { lossStats } from '../../src/engine/lossStats.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import { parseActivation } from '../../src/model/activations/catalogue.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { RULES } from '../../src/rules/table.ts';
import { fixedPoint, gains } from '../../src/theory/gains.ts';
import { predict } from '../../src/theory/predict.ts';
import { gaussianExpectation } from '../../src/theory/quadrature.ts';
import { mlp as builtLayers, testPlan, testSpec as builtSpec } from '../support/builtSpecs.ts';
import { normals } from '../support/normalStream.ts';
import { EXAMPLES } from '../support/ruleExamples.ts';
import { mlp } from '../support/specs.ts';

const normal = (stddev: number): unknown => ({ class_name: 'RandomNormal', config: { mean: 0, stddev } });
const constant = (value: number): unknown => ({ class_name: 'Constant', config: { value } });
const rms = (spec: ModelSpec, node: string): number =>
  Math.sqrt(predict(spec).nodes[node]?.secondMoment ?? NaN);
const near = (got: number, want: number, relative: number): void =>
  assert.ok(Math.abs(got / want - 1) <= relative, `${got}, the page says ${want}`);
/** P(z < x). */
const below = (x: number): number => gaussianExpectation((z) => (z < x ? 1 : 0), 0, 1, [x]);

/** What each rule's page says of its example, computed again. */
const NUMBERS: Readonly<Record<string, () => void>> = {
  'non-finite': () => {
    near(rms(mlp(512, 2, normal(1), 'relu'), 'd2') / rms(mlp(512, 2, normal(1), 'relu'), 'd1'), 16, 1e-3);
    near(16 ** 32, 3.4e38, 0.01);
  },
  'exploding-signal': () => {
    const spec = mlp(64, 10, normal(1), 'relu');
    near(rms(spec, 'd2') / rms(spec, 'd1'), 5.7, 0.01);
    near(rms(spec, 'd10') / rms(spec, 'd1'), 6e6, 0.05);
  },
  'vanishing-signal': () => {
    const spec = mlp(128, 30, 'glorot_uniform', 'relu');
    near(rms(spec, 'd1') / rms(spec, 'd30'), 23_000, 0.02);
  },
  'constant-signal': () => {
    const limit = 1 / Math.sqrt(1000);
    const init = { class_name: 'RandomUniform', config: { minval: -limit, maxval: limit } };
    const { nodes } = predict(mlp(1000, 3, init, 'sigmoid'));
    for (const [at, want] of [0.134, 0.019, 0.0027].entries())
      near(Math.sqrt(nodes[`d${at + 1}`]?.dataVariance ?? NaN), want, 0.05);
    const last = nodes['d3'];
    near(Math.sqrt((last?.secondMoment ?? NaN) - (last?.mean ?? NaN) ** 2), 0.072, 0.02);
  },
  'vanishing-gradient': () => {
    const { nodes } = predict(mlp(64, 10, 'glorot_uniform', 'sigmoid'));
    const ratio = Math.sqrt((nodes['d1']?.gradient ?? NaN) / (nodes['d10']?.gradient ?? NaN));
    const factor = ratio ** (-1 / 9);
    assert.ok(factor > 4 && factor < 5, `${factor} a layer`);
    assert.ok(ratio > 3e-7 && ratio < 5e-6, String(ratio));
  },
  'exploding-gradient': () => {
    const tanh = parseActivation('tanh');
    const chi = tanh === undefined ? NaN : (fixedPoint(tanh, 1.8 ** 2, 0)?.chi ?? NaN);
    near(chi, 1.27, 0.001);
    near(chi ** (49 / 2), 346, 0.01);
  },
  'normalized-kernel-scale': () => {
    near(1 / Math.sqrt(2 / 64), 5.7, 0.01);
    near(64 / 2, 32, 1e-9);
  },
  'residual-growth': () => near(2 ** 20, 1e6, 0.05),
  'correlation-collapse': () => {
    const cosine = (init: unknown): number => predict(mlp(64, 2, init, 'sigmoid')).nodes['d2']?.cosine ?? NaN;
    near(cosine(normal(0.06)), 0.999, 0.001);
    near(cosine('lecun_normal'), 0.991, 0.001);
  },
  'input-scale': () => near(Math.hypot(127, 64), 141, 0.01),
  'dead-relu': () => {
    const spec = mlp(64, 6, 'he_normal', 'relu', { bias: constant(-3) });
    assert.ok(1 - (predict(spec).nodes['d2']?.zeros ?? 0) < 1e-6, String(predict(spec).nodes['d2']?.zeros));
  },
  'bias-init': () => near(below(1), 0.84, 0.005),
  'saturated-activation': () => {
    const spec = mlp(64, 3, normal(1), 'tanh');
    near(Math.sqrt(predict(spec).nodes['d1']?.preActivation ?? NaN), 8, 1e-6);
    near(2 * (1 - below(Math.atanh(0.9747) / 8)), 0.78, 0.02);
  },
  'symmetric-units': () => undefined,
  'duplicate-weights': () => undefined,
  'recurrent-scale': () => near(0.3 ** 39, 4e-21, 0.02),
  'lstm-forget-bias': () => near(0.5 ** 100, 8e-31, 0.02),
  'attention-saturation': () => near(768 * 0.1 ** 2, 7.7, 0.005),
  'embedding-scale': () => near(Math.sqrt(768), 27.7, 0.002),
  'initial-loss': () => {
    const z = normals('head', 200_000).map((value) => value * 8);
    near(lossStats('out', 'categorical_crossentropy', 'softmax', z, 10).value, 12.5, 0.01);
  },
  'output-bias': () => {
    const [p, q] = [0.01, 0.99];
    near(Math.LN2 + p * Math.log(p) + q * Math.log(q), 0.64, 0.01);
    near(-Math.log(q / p), -4.595, 1e-4);
  },
  'framework-trap': () => near(0.87962566 ** 20, 0.077, 0.005),
  'initializer-mismatch': () => {
    const relu = parseActivation('relu');
    near(relu === undefined ? NaN : (gains(relu)?.forward ?? NaN), 1.41, 0.005);
  },
  'unscaled-initializer': () => {
    near(0.05 / Math.sqrt(2 / 4096), 2.3, 0.02);
    near(0.05 / Math.sqrt(2 / 64), 0.28, 0.02);
  },
  'dead-parameters': () => undefined,
};

describe('the numbers of the rule pages', () => {
  for (const { id } of RULES) {
    if (id === 'scale-lottery') continue;
    test(id, () => {
      const check = NUMBERS[id];
      assert.ok(check, `${id} has an example whose numbers nothing holds`);
      assert.ok(EXAMPLES[id]);
      check();
    });
  }
  let backend: EngineBackend;
  before(async () => {
    backend = await openBackend('wasm');
  });
  test('scale-lottery', async () => {
    const layers = builtLayers(new Array<number>(31).fill(256), 'gelu', 'he_normal', 'linear');
    const spec = builtSpec({ inputs: [256], layers });
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const plan = testPlan(spec, 64, seeds);
    const measured = await measureSeeds({ spec, changes: [], plan, seeds }, { backend });
    const ends = measured.seeds.map(
      ({ taps }) =>
        taps.find(({ node, quantity }) => node === 'layer29' && quantity === 'activation')?.value.rms ?? NaN,
    );
    near(Math.min(...ends), 0.0008, 0.1);
    near(Math.max(...ends), 0.34, 0.1);
  });
});
