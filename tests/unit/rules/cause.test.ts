import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { DEPTH, RMS, names, serious, relu, look, run } from '../../support/judging.ts';
import { type TestSeed } from '../../support/measurements.ts';
import { dense, mlp, testSpec } from '../../support/specs.ts';

test('the first layer with a factor of its own is the cause; what follows are echoes', () => {
  const after = look((index) =>
    index < 2
      ? {}
      : {
          rms: 50,
          data: 50,
          inputRms: index === 2 ? 1 : 50 / 1.41,
          ...(index === 2 ? { kernel: 50 * RMS } : {}),
        },
  );
  const [finding, ...others] = serious(run(relu, after));
  assert.equal(finding?.rule, 'exploding-signal');
  assert.equal(finding?.layer, 'd3');
  assert.deepEqual(others, []);
  assert.match(finding?.cause ?? '', /d3/);
});

test('uniform drift names the run of layers', () => {
  const glorot = mlp(64, DEPTH, 'glorot_uniform', 'relu');
  const fades = look((index) => ({
    rms: 0.4 ** index,
    data: 0.4 ** index,
    inputRms: 0.4 ** index / 1.41,
    kernel: 0.125,
  }));
  const [finding] = serious(run(glorot, fades));
  assert.equal(finding?.rule, 'vanishing-signal');
  assert.equal(finding?.layer, 'd1');
  assert.deepEqual(finding?.layers, names);
});

test('the cause explains the drift: layers slightly off are no cause of what sigmoids do', () => {
  const layers = (scale: (index: number) => number, activation: string): ModelSpec =>
    testSpec([
      { id: 'in', kind: 'input', shape: [null, 64] },
      ...names.map((name, index) =>
        dense(
          name,
          64,
          64,
          {
            class_name: 'VarianceScaling',
            config: { scale: scale(index) ** 2, mode: 'fan_avg', distribution: 'uniform' },
          },
          activation,
          { roles: ['hidden'] },
        ),
      ),
      dense('out', 64, 10, 'glorot_uniform', 'softmax', { roles: ['head'] }),
    ]);
  const fades = (by: number, factor: (index: number) => number) =>
    look((index) => ({ gradient: by ** (DEPTH - 1 - index), kernel: 0.125 * factor(index) }));
  for (const off of [0, 3]) {
    const factor = (index: number): number => (index === off ? 0.7 : 1);
    const [finding] = serious(run(layers(factor, 'sigmoid'), fades(0.2, factor)));
    assert.equal(finding?.rule, 'vanishing-gradient');
    assert.match(finding.cause, /activation sigmoid/);
    assert.deepEqual(finding.layers, names);
  }
  const one = (index: number): number => (index === 3 ? 0.4 : 1);
  assert.match(serious(run(layers(one, 'sigmoid'), fades(0.2, one)))[0]?.cause ?? '', /activation sigmoid/);
  const tiny = (index: number): number => (index === 3 ? 1e-4 : 1);
  assert.equal(serious(run(layers(tiny, 'sigmoid'), fades(0.2, tiny)))[0]?.layer, 'd4');
  const run6 = (): number => 0.6;
  const [drift] = serious(run(layers(run6, 'tanh'), fades(0.38, run6)));
  assert.match(drift?.cause ?? '', /too small/);
});

test('one small layer is information only where training labelled it so', () => {
  const small = (factor: number) =>
    look((index) => ({ data: index < 2 ? 1 : factor, kernel: index === 2 ? factor * RMS : RMS }));
  const severities = (spec: ModelSpec, factor: number): readonly string[] =>
    run(spec, small(factor)).findings.map(({ rule, severity }) => `${rule} ${severity}`);
  assert.deepEqual(severities(relu, 0.01), ['vanishing-signal information']);
  assert.match(severities(relu, 1e-4)[0] ?? '', /error|warning/);
  assert.match(severities(mlp(64, DEPTH, 'he_normal', 'gelu'), 0.01)[0] ?? '', /error|warning/);
  const wide = (jitter: number): TestSeed => {
    const seed = small(0.01)(jitter);
    const scaled = (seed.weights ?? []).map((each) =>
      each.weight === 'bias' || each.layer === 'out' ? each : { ...each, rms: each.rms / Math.sqrt(8) },
    );
    return { ...seed, weights: scaled };
  };
  const [finding] = run(mlp(512, DEPTH, 'he_normal', 'relu'), wide).findings;
  assert.match(finding?.severity ?? '', /error|warning/);
});

test('echoes are other layers than the cause, and a collapse of directions echoes it', () => {
  const verdict = run(
    relu,
    look((index) =>
      index < 2
        ? { kernel: 0.2, distinct: 1 / 64, dead: 1 }
        : { dead: index === 4 ? 1 : 0, cosine: index === DEPTH - 1 ? 0.999 : 0.5 },
    ),
  );
  assert.deepEqual(
    verdict.findings.map(({ rule, layers }) => [rule, layers]),
    [['symmetric-units', ['d1', 'd2']]],
  );
  const echoes = verdict.findings[0]?.echoes.map(({ layer, rule }) => `${rule} ${layer}`);
  assert.deepEqual(echoes, ['dead-relu d5', 'correlation-collapse d6']);
});
