import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidates } from '../../../src/advice/candidates.ts';
import { composeAdvice, helps, rank, type Tried } from '../../../src/advice/rank.ts';
import { snippets } from '../../../src/advice/snippet.ts';
import { twinChanges } from '../../../src/advice/twin.ts';
import { applyChanges } from '../../../src/model/applyChanges.ts';
import type { AdviceOutcome, Finding } from '../../../src/model/finding.ts';
import { predict } from '../../../src/theory/predict.ts';
import { dense, mlp, testSpec } from '../../support/specs.ts';

const OUTCOME: AdviceOutcome = {
  drift: 0.1,
  signalRatio: 1,
  gradientRatio: 1,
  dead: 0,
  saturated: 0,
  initialLoss: 2.3,
  findings: [],
};
const after = (more: Partial<AdviceOutcome>): AdviceOutcome => ({ ...OUTCOME, ...more });

const finding = (rule: string, layers: readonly string[]): Finding => ({
  id: `${rule}:${layers[0] ?? ''}`,
  rule,
  severity: 'error',
  layer: layers[0] ?? '',
  layers,
  origin: { file: 'model.json', range: { start: 0, end: 1 }, kind: 'layer' },
  message: '',
  cause: '',
  values: [],
  echoes: [],
  from: 'measured',
  advice: [],
});

test('the twin rescales what is off and is its own twin', () => {
  const wild = mlp(64, 5, { class_name: 'RandomNormal', config: { stddev: 1 } }, 'relu');
  const changes = twinChanges(wild);
  assert.deepEqual(
    changes.map(({ initializer, weight }) => [initializer.id, weight]),
    [['heNormal', 'kernel']],
  );
  const twin = applyChanges(wild, changes);
  assert.deepEqual(twinChanges(twin), []);
  assert.ok(Math.abs(Math.sqrt(predict(twin).nodes['d5']?.secondMoment ?? 0) - 1) < 0.02);
});

test('TF.js gets uniform initializers, whose variance is right there', () => {
  const spec = mlp(64, 5, { class_name: 'HeNormal', config: {} }, 'relu', { semantics: 'tfjs' });
  assert.deepEqual(
    twinChanges(spec).map(({ initializer }) => initializer.id),
    ['heUniform'],
  );
});

test('designs are kept: zero heads, damped and zeroed branch ends, small biases', () => {
  const spec = testSpec([
    { id: 'in', kind: 'input', shape: [null, 64] },
    dense('a', 64, 64, 'he_normal', 'relu', {
      roles: ['hidden'],
      bias: { class_name: 'RandomUniform', config: { minval: -0.125, maxval: 0.125 } },
    }),
    dense('b', 64, 64, 'zeros', undefined, { roles: ['residual-end'] }),
    { id: 's', kind: 'merge', config: { op: 'add' }, shape: [null, 64], on: ['a', 'b'] },
    dense('out', 64, 10, 'zeros', undefined, { roles: ['head'] }),
  ]);
  assert.deepEqual(twinChanges(spec), []);
});

test('depthwise kernels are fitted to their true fans', () => {
  const weights = [
    {
      name: 'depthwise_kernel',
      part: 'kernel',
      shape: [3, 3, 32, 1],
      init: 'he_normal',
      fanIn: 288,
      effectiveFanIn: 9,
    } as const,
  ];
  const spec = testSpec([
    { id: 'in', kind: 'input', shape: [null, 16, 16, 32] },
    {
      id: 'w',
      kind: 'depthwise',
      shape: [null, 16, 16, 32],
      activation: 'relu',
      roles: ['hidden'],
      weights,
      config: { padding: 'same' },
    },
  ]);
  const [change] = twinChanges(spec);
  assert.equal(change?.initializer.id, 'varianceScaling');
  assert.ok(Math.abs(Number(change?.initializer.params['scale']) - 64) < 0.1);
});

test('of two biases that are added, as PyTorch has them, one gets the forget gate of 1', () => {
  const bias = { part: 'bias', shape: [128], init: 'zeros', gates: 4 } as const;
  const weights = ['bias', 'recurrent_bias', 'layer 2 bias', 'layer 2 recurrent_bias'].map((name) => ({
    ...bias,
    name,
  }));
  const spec = testSpec([
    { id: 'in', kind: 'input', shape: [null, 30, 16] },
    { id: 'rnn', kind: 'lstm', shape: [null, 32], activation: 'tanh', weights },
  ]);
  assert.deepEqual(
    candidates(spec, finding('lstm-forget-bias', ['rnn'])).map((changes) =>
      changes.map(({ weight }) => weight),
    ),
    [['bias', 'layer 2 bias']],
  );
});

test('candidates differ, change something, and are none where no initializer helps', () => {
  const spec = mlp(64, 5, { class_name: 'RandomNormal', config: { stddev: 1 } }, 'gelu');
  const sets = candidates(spec, finding('exploding-signal', ['d1', 'd2', 'd3', 'd4', 'd5']));
  assert.ok(sets.length >= 2);
  assert.equal(new Set(sets.map((set) => JSON.stringify(set))).size, sets.length);
  assert.ok(sets.every((set) => set.length > 0));
  assert.deepEqual(candidates(spec, finding('duplicate-weights', ['d1'])), []);
});

test('ranking: remaining rules, drift, shares, loss, edits', () => {
  const change = (layers: number) => [
    {
      layers: Array.from({ length: layers }, (_, index) => `d${index}`),
      weight: 'kernel',
      initializer: { id: 'heNormal', params: {}, seed: null, written: '' },
    },
  ];
  const tried = [
    { changes: change(1), after: after({ findings: ['dead-relu'], drift: 0 }) },
    { changes: change(5), after: after({}) },
    { changes: change(1), after: after({}) },
    { changes: change(1), after: after({ drift: 3 }) },
    { changes: change(1), after: after({ initialLoss: 4 }) },
  ];
  assert.deepEqual(
    rank(tried).map((each) => tried.findIndex((other) => other === each)),
    [2, 1, 4, 3, 0],
  );
});

test('advice that does not remove its finding, or brings another, is not given', () => {
  const before = after({ findings: ['exploding-signal'], drift: 9 });
  const fault = finding('exploding-signal', ['d1']);
  assert.equal(helps(fault, before, after({})), true);
  assert.equal(helps(fault, before, before), false);
  assert.equal(helps(fault, before, after({ findings: ['dead-relu'] })), false);
  const spec = mlp(64, 5, { class_name: 'RandomNormal', config: { stddev: 1 } }, 'relu');
  const changes = twinChanges(spec);
  const [advice] = composeAdvice(spec, fault, before, [{ changes, after: after({}) }]);
  assert.equal(advice?.preferred, true);
  const saved = composeAdvice({ ...spec, savedWeights: true }, fault, before, [
    { changes, after: after({}) },
  ]);
  assert.equal(saved[0]?.preferred, false);
  assert.match(saved[0]?.caveat ?? '', /saved weights stay/);
});

test('advice that is only a part of better advice is left out; other edits of the same layers stay', () => {
  const spec = mlp(64, 5, { class_name: 'RandomNormal', config: { stddev: 1 } }, 'relu');
  const before = after({ findings: ['exploding-signal'], drift: 9 });
  const set = (id: string, layers: readonly string[]) => [
    { layers, weight: 'kernel', initializer: { id, params: {}, seed: null, written: '' } },
  ];
  const both = { changes: set('heNormal', ['d1', 'd2']), after: after({}) };
  const part = set('heNormal', ['d2']);
  const offered = (tried: readonly Tried[]): readonly number[] =>
    composeAdvice(spec, finding('exploding-signal', ['d1', 'd2']), before, tried).map(({ changes }) =>
      tried.findIndex((each) => each.changes === changes),
    );
  assert.deepEqual(offered([{ changes: part, after: after({ drift: 3 }) }, both]), [1]);
  assert.deepEqual(offered([{ changes: part, after: after({}) }, both]), [0, 1]);
  const other = { changes: set('zeros', ['d2']), after: after({ drift: 3 }) };
  assert.deepEqual(offered([other, both]), [1, 0]);
});

test('snippets avoid the traps of each framework', () => {
  const spec = mlp(64, 2, 'glorot_uniform', 'relu', { semantics: 'tfjs' });
  const texts = snippets(spec, twinChanges(spec));
  assert.match(texts.tfjs, /kernelInitializer: tf\.initializers\.heUniform/);
  assert.match(texts.keras3, /kernel_initializer=keras\.initializers\.HeUniform/);
  assert.match(texts.keras2, /tf\.keras\.initializers\.HeUniform/);
  assert.match(texts.pytorch, /kaiming_uniform_\(layer\.weight/);
});
