import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import { DEPTH, healthy, serious, told, relu, look, run } from '../../support/judging.ts';
import { type TestSeed } from '../../support/measurements.ts';
import { mlp } from '../../support/specs.ts';

test('initial-loss: large logits, or smaller ones with a factor that explains them', () => {
  const logits = (std: number) => look(() => ({}), [{ logitStd: std, value: 3 + std }]);
  assert.equal(serious(run(relu, logits(6)))[0]?.rule, 'initial-loss');
  assert.deepEqual(serious(run(relu, logits(3))), []);
  assert.ok(
    run(relu, logits(3)).findings.some(
      ({ rule, severity }) => rule === 'initial-loss' && severity === 'information',
    ),
  );
  const head = mlp(64, DEPTH, 'he_normal', 'relu', {
    headInit: { class_name: 'RandomNormal', config: { stddev: 0.5 } },
  });
  const big = (jitter: number): TestSeed => {
    const seed = logits(3)(jitter);
    return {
      ...seed,
      weights: [...(seed.weights ?? []).filter(({ layer }) => layer !== 'out'), { layer: 'out', rms: 0.5 }],
    };
  };
  const [finding] = serious(run(head, big));
  assert.equal(finding?.rule, 'initial-loss');
  assert.equal(finding?.layer, 'out');
});

test('output-bias speaks only of given labels, input-scale only of real data', () => {
  const unlabelled = look(() => ({}), [{ priorExcess: 0.6 }]);
  assert.ok(!told(run(relu, unlabelled, healthy, DEFAULT_PROJECT_CONFIG, true)).includes('output-bias'));
  const prior = look(() => ({}), [{ priorExcess: 0.6, prior: { mean: [0.9, 0.1], bias: [-0.11, -2.3] } }]);
  assert.ok(!told(run(relu, prior)).includes('output-bias'));
  assert.ok(told(run(relu, prior, healthy, DEFAULT_PROJECT_CONFIG, true)).includes('output-bias'));
  const pixels = (jitter: number): TestSeed => {
    const seed = healthy(jitter);
    return { ...seed, taps: seed.taps.map((tap) => (tap.node === 'in' ? { ...tap, rms: 120 } : tap)) };
  };
  assert.ok(!told(run(relu, pixels)).includes('input-scale'));
  assert.equal(serious(run(relu, pixels, healthy, DEFAULT_PROJECT_CONFIG, true))[0]?.rule, 'input-scale');
});
