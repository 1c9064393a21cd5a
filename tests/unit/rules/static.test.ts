import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/model/finding.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import { judgeStatic } from '../../../src/rules/static.ts';
import { predict } from '../../../src/theory/predict.ts';
import { normed, sequence } from '../../support/judging.ts';
import { mlp } from '../../support/specs.ts';

const statically = (spec: ModelSpec): readonly Finding[] =>
  judgeStatic(spec, predict(spec), DEFAULT_PROJECT_CONFIG);

test('lstm-forget-bias: a warning for long sequences read at the end, else information', () => {
  assert.deepEqual(
    statically(sequence('orthogonal', false, 40)).map(({ rule, severity }) => [rule, severity]),
    [['lstm-forget-bias', 'warning']],
  );
  assert.equal(statically(sequence('orthogonal', false, 10))[0]?.severity, 'information');
  assert.deepEqual(statically(sequence('orthogonal', true, 40)), []);
  const long = sequence('orthogonal', false, 40);
  const guessed = { ...long, inputs: long.inputs.map((input) => ({ ...input, assumed: '40 steps' })) };
  assert.equal(statically(guessed)[0]?.severity, 'information');
  assert.match(statically(long)[0]?.message ?? '', /in every one of 40 steps/);
  assert.match(statically(guessed)[0]?.message ?? '', /in every one of its steps/);
  const cell = {
    ...long,
    nodes: long.nodes.map((node) => ({
      ...node,
      outputs: node.outputs.map(([batch, , ...rest]) => [batch, ...rest]),
    })),
  } as ModelSpec;
  assert.match(statically(cell)[0]?.message ?? '', /in every one of its steps/);
});

test('framework-trap, initializer-mismatch, unscaled-initializer and dead-parameters are hints', () => {
  const rules = (spec: ModelSpec): readonly string[] =>
    statically(spec).map(({ rule, severity }) => `${rule} ${severity}`);
  assert.ok(rules(mlp(64, 3, 'HeNormal', 'relu', { semantics: 'tfjs' })).includes('framework-trap hint'));
  assert.deepEqual(rules(mlp(64, 3, 'he_uniform', 'relu')), []);
  assert.deepEqual(rules(mlp(64, 3, 'glorot_uniform', 'relu')), ['initializer-mismatch hint']);
  const fixed = (stddev: number): unknown => ({ class_name: 'RandomNormal', config: { stddev } });
  assert.deepEqual(rules(mlp(64, 3, fixed(1), 'relu')), ['unscaled-initializer hint']);
  assert.deepEqual(rules(mlp(64, 3, fixed(0.15), 'relu')), []);
  assert.deepEqual(rules(normed('he_normal')), ['dead-parameters hint']);
  assert.ok(rules(mlp(64, 3, 'ones', 'relu')).includes('symmetric-units error'));
});
