import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_PROJECT_CONFIG, type ProjectConfig } from '../../../src/model/projectConfig.ts';
import { judge } from '../../../src/rules/judge.ts';
import { predict } from '../../../src/theory/predict.ts';
import { healthy, serious, told, relu, look, run } from '../../support/judging.ts';
import { measurement } from '../../support/measurements.ts';

test('a healthy net has no finding and asks for nothing', () => {
  const verdict = run(relu, healthy, null);
  assert.deepEqual(verdict.findings, []);
  assert.equal(verdict.wantsTwin, false);
  assert.equal(verdict.undecided, false);
});

test('non-finite: NaN in the forward pass, in a gradient, in the loss', () => {
  const bad = serious(
    run(
      relu,
      look((index) => (index >= 3 ? { nonFinite: 0.5 } : {})),
    ),
  );
  assert.equal(bad[0]?.rule, 'non-finite');
  assert.equal(bad[0]?.severity, 'error');
  assert.match(bad[0]?.message ?? '', /d4/);
  assert.ok(
    told(
      run(
        relu,
        look(() => ({}), [{ value: Infinity }]),
      ),
    ).includes('non-finite'),
  );
});

test('fewer than four seeds never warn', () => {
  const grows = look((index) => ({ rms: 20 ** index, inputRms: 20 ** index / 1.41 }));
  const spec = relu;
  const verdict = judge({
    spec,
    prediction: predict(spec),
    measurement: measurement(grows, 3),
    twin: measurement(healthy, 3),
    config: DEFAULT_PROJECT_CONFIG,
  });
  assert.deepEqual(serious(verdict), []);
  assert.equal(verdict.undecided, true);
});

test('a configuration turns rules off, changes severities and thresholds', () => {
  const grows = look((index) => ({ rms: 2 ** index, data: 2 ** index, inputRms: 2 ** index / 1.41 }));
  const config = (rule: ProjectConfig['rules'][string]): ProjectConfig => ({
    ...DEFAULT_PROJECT_CONFIG,
    rules: { 'exploding-signal': rule },
  });
  assert.deepEqual(serious(run(relu, grows, healthy, config({ severity: 'off' }))), []);
  assert.equal(run(relu, grows, healthy, config({ severity: 'hint' })).findings[0]?.severity, 'hint');
  assert.deepEqual(serious(run(relu, grows, healthy, config({ thresholds: { ratio: 100 } }))), []);
});
