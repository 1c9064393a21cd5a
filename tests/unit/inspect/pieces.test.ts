import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMeasuring } from '../../../src/inspect/measuring.ts';
import { makePlan } from '../../../src/inspect/plan.ts';
import { reproduceCommand, shellWord } from '../../../src/inspect/reproduce.ts';
import { measurementKey, sortedChanges } from '../../../src/inspect/specKey.ts';
import { remaining } from '../../../src/inspect/suppress.ts';
import { judged } from '../../../src/inspect/probing.ts';
import { verdictSentence } from '../../../src/inspect/verdict.ts';
import type { Measurer } from '../../../src/model/measurer.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import { sampleFinding, sampleLayer } from '../../support/sampleReport.ts';
import { dense, testSpec } from '../../support/specs.ts';

const spec = testSpec([
  { id: 'in', kind: 'input', shape: [null, 4] },
  dense('a', 4, 3, 'he_normal', 'relu', { config: { units: 3 } }),
]);
const plan = makePlan(spec, { backend: 'wasm', why: '', start: 'fresh' });
const signal = new AbortController().signal;

function counting(): { measurer: Measurer; asked: number[][] } {
  const asked: number[][] = [];
  const measurer: Measurer = {
    measure: ({ seeds, plan: { batch, start } }) => {
      asked.push([...seeds]);
      return Promise.resolve({
        version: 1,
        engine: { name: 'fake', version: '1', backend: 'wasm', kernels: 'stock' },
        modelId: 'model',
        start,
        batch,
        seeds: seeds.map((seed) => ({ seed, taps: [], weights: [], losses: [] })),
        notMeasured: [],
      });
    },
  };
  return { measurer, asked };
}

test('a further look measures only the seeds it adds, in seed order', async () => {
  const { measurer, asked } = counting();
  const measuring = createMeasuring(measurer, '1');
  await measuring.measure(spec, [], plan, [1, 2], signal);
  const more = await measuring.measure(spec, [], plan, [1, 2, 3, 4], signal);
  assert.deepEqual(asked, [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(
    more.seeds.map(({ seed }) => seed),
    [1, 2, 3, 4],
  );
  const fewer = await measuring.measure(spec, [], plan, [2], signal);
  assert.deepEqual(
    fewer.seeds.map(({ seed }) => seed),
    [2],
  );
  assert.equal(asked.length, 2);
});

test('singular values are left out where nobody is shown them, and nothing is measured again that has them', async () => {
  const { measurer } = counting();
  const wishes: (boolean | undefined)[] = [];
  const measuring = createMeasuring(
    {
      measure: (request, ...rest) => {
        wishes.push(request.spectra);
        return measurer.measure(request, ...rest);
      },
    },
    '1',
  );
  const { withoutSpectra } = measuring;
  await withoutSpectra.measure(spec, [], plan, [1], signal);
  await withoutSpectra.measure(spec, [], plan, [1, 2], signal);
  assert.deepEqual(wishes, [false, false]);
  await measuring.measure(spec, [], plan, [1, 2], signal);
  await withoutSpectra.measure(spec, [], plan, [1, 2], signal);
  await withoutSpectra.measure(spec, [], plan, [1, 2, 3], signal);
  assert.deepEqual(wishes, [false, false, undefined, undefined]);
});

test('the key of a measurement ignores places and seeds, not weights, changes or batch', () => {
  const moved = {
    ...spec,
    contentHash: 'other',
    layers: spec.layers.map((layer) => ({ ...layer, origins: [] })),
  };
  const key = measurementKey(spec, [], plan, '1');
  assert.equal(measurementKey(moved, [], { ...plan, seeds: [9] }, '1'), key);
  const change = {
    layers: ['a'],
    weight: 'kernel',
    initializer: { id: 'zeros', params: {}, seed: null, written: 'Zeros' },
  };
  assert.notEqual(measurementKey(spec, [change], plan, '1'), key);
  assert.notEqual(measurementKey(spec, [], { ...plan, batch: 8 }, '1'), key);
  assert.notEqual(measurementKey(spec, [], plan, '2'), key);
  const other = { ...change, weight: 'bias' };
  assert.deepEqual(sortedChanges([change, other]), sortedChanges([other, change]));
});

test('findings are left out by selection, ignores, configuration and baseline', () => {
  const findings = [
    sampleFinding(),
    sampleFinding({ id: 'dead-relu:head/a', rule: 'dead-relu', layer: 'head/a' }),
  ];
  const config = DEFAULT_PROJECT_CONFIG;
  const rules = (more: object) => remaining(findings, 'f', 'm', { config, ...more }).map(({ rule }) => rule);
  assert.deepEqual(rules({}), ['vanishing-signal', 'dead-relu']);
  assert.deepEqual(rules({ select: ['dead-relu'] }), ['dead-relu']);
  assert.deepEqual(rules({ ignore: ['dead-relu'] }), ['vanishing-signal']);
  assert.deepEqual(rules({ config: { ...config, rules: { 'dead-relu': { severity: 'off' } } } }), [
    'vanishing-signal',
  ]);
  assert.deepEqual(rules({ config: { ...config, ignore: [{ rule: '*', layer: 'head/*', reason: '' }] } }), [
    'vanishing-signal',
  ]);
  const known = { file: 'f', modelId: 'm', id: 'vanishing-signal:dense' };
  assert.deepEqual(rules({ baseline: { findings: [known] } }), ['dead-relu']);
  assert.equal(rules({ baseline: { findings: [{ ...known, modelId: 'other' }] } }).length, 2);
});

test('the verdict names the gravest finding with its size, and counts the rest', () => {
  const warning = sampleFinding({ severity: 'warning', message: 'weak' });
  const error = sampleFinding({ message: 'the signal dies' });
  assert.equal(
    verdictSentence([warning, error], [], true),
    'The signal dies (signal last/first 1/5000). 1 more finding below.',
  );
  assert.equal(verdictSentence([error], [], true), 'The signal dies (signal last/first 1/5000).');
});

test('a verdict has one pair of brackets', () => {
  const finding = sampleFinding({ message: 'every unit of relu outputs 0 for every input (expected 0 %)' });
  assert.equal(
    verdictSentence([finding], [], true),
    'Every unit of relu outputs 0 for every input (signal last/first 1/5000, expected 0 %).',
  );
});

test('a start that is stuck on every seed has no steps to half, whatever its curves do', () => {
  const point = { id: 'file', title: 'as written', changes: [] };
  const losses = Array.from({ length: 20 }, (_, step) => (step < 5 ? 4 : 0.5));
  const of = (heldOut: number) => {
    const runs = [1, 2, 3].map((seed) => ({ seed, rate: 1e-3, losses, heldOut }));
    const result = { rate: 1e-3, tried: [], runs, pairs: [], uninformed: 4 };
    return judged({ point, optimizer: 'adam', result }, 1, 2.5);
  };
  assert.deepEqual([of(4).stuck, of(4).stepsToHalf], [1, null]);
  assert.deepEqual([of(1).stuck, of(1).stepsToHalf], [0, 10]);
});

test('a healthy verdict carries its numbers', () => {
  const layers = [sampleLayer(), sampleLayer({ id: 'out' })];
  assert.match(
    verdictSentence([], layers, true),
    /^Nothing is wrong: the signal changes 1× from dense to out, the gradient 1×/,
  );
});

test('with too few seeds for a warning nothing is called healthy', () => {
  const layers = [sampleLayer(), sampleLayer({ id: 'out' })];
  assert.match(
    verdictSentence([], layers, true, 2),
    /^Not decided: .* only 2 seeds were run and a warning needs 4\. Measured: the signal changes 1×/,
  );
  assert.match(verdictSentence([], [], true, 1), /^Nothing was measured/);
});

test('the command that reproduces a report is quoted for a shell', () => {
  assert.equal(shellWord("it's"), "'it'\\''s'");
  const request = {
    path: 'my nets/a.json',
    options: { inputShapes: { '': [28, 28] } },
    config: DEFAULT_PROJECT_CONFIG,
  };
  assert.equal(
    reproduceCommand(request, 'm', plan),
    "initscope inspect 'my nets/a.json' --model m --backend wasm --batch 64 --input-shape 28,28",
  );
});
