import assert from 'node:assert/strict';
import { test } from 'node:test';
import { twinChanges } from '../../../src/advice/twin.ts';
import type { ModelSpec, Role } from '../../../src/model/spec.ts';
import { serious, run, sequence } from '../../support/judging.ts';
import { type TestSeed } from '../../support/measurements.ts';
import { dense, testSpec, type TestLayer } from '../../support/specs.ts';

test('attention-saturation and embedding-scale', () => {
  const layers: TestLayer[] = [
    { id: 'in', kind: 'input', shape: [null, 8] },
    { id: 'table', kind: 'embedding', shape: [null, 8, 64], roles: ['embedding'] },
    { id: 'places', kind: 'embedding', shape: [null, 8, 64], on: ['in'] },
    { id: 'sum', kind: 'merge', config: { op: 'add' }, shape: [null, 8, 64], on: ['table', 'places'] },
    { id: 'attend', kind: 'attention', shape: [null, 8, 64] },
    dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'] }),
  ];
  const spec = testSpec(layers);
  const seed =
    (logits: number, table: number) =>
    (jitter: number): TestSeed => ({
      taps: [
        { node: 'table', rms: table },
        { node: 'places', rms: 0.02 },
        { node: 'sum' },
        { node: 'attend' },
        { node: 'attend', quantity: 'logits', rms: logits * jitter },
      ],
    });
  assert.equal(serious(run(spec, seed(8, 0.02), seed(1, 0.02)))[0]?.rule, 'attention-saturation');
  assert.deepEqual(serious(run(spec, seed(1, 0.02), seed(1, 0.02))), []);
  assert.equal(serious(run(spec, seed(1, 1), seed(1, 0.02)))[0]?.rule, 'embedding-scale');
});

test('an embedding that is called twice is tied to a head only where it is one', () => {
  const spec = (roles: readonly Role[]): ModelSpec =>
    testSpec([
      { id: 'in', kind: 'input', shape: [null, 8] },
      { id: 'table', kind: 'embedding', shape: [null, 8, 64], roles },
      dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'] }),
    ]);
  const logits = (jitter: number): TestSeed => ({
    taps: [{ node: 'table', rms: 1 }, { node: 'out' }],
    losses: [{ logitStd: 2.4 * jitter }],
  });
  const rules = (roles: readonly Role[]) => run(spec(roles), logits, logits).findings.map(({ rule }) => rule);
  assert.ok(rules(['embedding', 'tied', 'head']).includes('embedding-scale'));
  assert.ok(!rules(['embedding', 'tied']).includes('embedding-scale'));
});

test('recurrent-scale: decades off the twin’s, either way', () => {
  const seed =
    (first: number) =>
    (jitter: number): TestSeed => ({
      taps: [
        { node: 'rnn' },
        { node: 'rnn', name: 'first step', gradientNorm: first * jitter },
        { node: 'rnn', name: 'last step', gradientNorm: 1 },
      ],
    });
  const spec = sequence('orthogonal', true, 40);
  assert.equal(serious(run(spec, seed(1e3), seed(1e-2)))[0]?.rule, 'recurrent-scale');
  assert.equal(serious(run(spec, seed(1e-9), seed(1e-2)))[0]?.rule, 'recurrent-scale');
  assert.deepEqual(serious(run(spec, seed(1e-8), seed(1e-8))), []);
});

test('a norm behind attention hides the size of its output, not that of its queries and keys', () => {
  const kernel = (name: string) =>
    ({
      name: `${name}/kernel`,
      part: 'kernel',
      shape: [64, 64],
      init: { class_name: 'RandomNormal', config: { stddev: 0.5 } },
    }) as const;
  const spec = testSpec([
    { id: 'in', kind: 'input', shape: [null, 8, 64] },
    {
      id: 'attend',
      kind: 'multiHeadAttention',
      shape: [null, 8, 64],
      roles: ['hidden', 'before-norm'],
      weights: [kernel('value'), kernel('query'), kernel('key')],
    },
    dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'] }),
  ]);
  const seed = (jitter: number): TestSeed => ({
    taps: [{ node: 'attend' }, { node: 'attend', quantity: 'logits', rms: 8 * jitter }],
  });
  const [finding] = serious(run(spec, seed, seed));
  assert.equal(finding?.rule, 'attention-saturation');
  assert.match(finding?.cause ?? '', /query\/kernel .* 4 times too large/);
  assert.deepEqual(
    twinChanges(spec).map(({ weight }) => weight),
    ['query/kernel', 'key/kernel'],
  );
});
