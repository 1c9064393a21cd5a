import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastestBackend, makePlan, nominalSeconds } from '../../../src/inspect/plan.ts';
import { sampleWork } from '../../../src/inspect/workSize.ts';
import { InputError } from '../../../src/model/problem.ts';
import { dense as plainDense, testSpec } from '../../support/specs.ts';
import type { TestLayer } from '../../support/specs.ts';

const choices = { backend: 'wasm', why: 'wasm: as asked', start: 'fresh' } as const;
const dense = (id: string, from: number, units: number, init: string, activation?: string): TestLayer =>
  plainDense(id, from, units, init, activation, { config: { units, useBias: true } });

const input = (...sizes: number[]): TestLayer => ({ id: 'in', kind: 'input', shape: [null, ...sizes] });

function conv(id: string, side: number, from: number, filters: number): TestLayer {
  return {
    id,
    kind: 'conv',
    shape: [null, side, side, filters],
    config: {
      rank: 2,
      filters,
      kernelSize: [3, 3],
      strides: [1, 1],
      padding: 'same',
      dilation: [1, 1],
      groups: 1,
      channels: 'last',
    },
    activation: 'relu',
    weights: [{ name: 'kernel', part: 'kernel', shape: [3, 3, from, filters], init: 'he_normal' }],
  };
}

test('units without positions need 64 samples', () => {
  const plan = makePlan(
    testSpec([input(10), dense('a', 10, 20, 'he_normal', 'relu'), dense('b', 20, 3, 'he_normal')]),
    choices,
  );
  assert.equal(plan.batch, 64);
  assert.ok(plan.why.includes('batch 64: shares over units need 64 samples × positions'));
  assert.deepEqual(plan.seeds, [1, 2, 3, 4, 5]);
  assert.deepEqual(plan.looks, [5, 10, 20]);
  assert.deepEqual(plan.inputs, { in: [64, 10] });
});

test('positions count as samples, and BatchNorm wants 64', () => {
  assert.equal(makePlan(testSpec([input(8, 8, 3), conv('c', 8, 3, 4)]), choices).batch, 32);
  const norm: TestLayer = { id: 'n', kind: 'batchNorm', shape: [null, 8, 8, 4] };
  const plan = makePlan(testSpec([input(8, 8, 3), conv('c', 8, 3, 4), norm]), choices);
  assert.equal(plan.batch, 64);
  assert.ok(plan.why.some((why) => why.includes('batch statistics')));
});

test('work is counted from the graph', () => {
  const work = sampleWork(
    testSpec([input(10), dense('a', 10, 20, 'he_normal', 'relu'), dense('b', 20, 3, 'he_normal')]),
  );
  assert.equal(work.multiplyAdds, 10 * 20 + 20 * 3);
  assert.equal(work.values, 10 + 2 * 20 + 3);
});

test('of a pass that was watched, what no node gave to a layer is counted as nothing', () => {
  const positions: TestLayer = { id: 'positions', kind: 'embedding', shape: [null, 5, 8], on: [] };
  const reshaped = { ...dense('a', 10, 20, 'zeros'), on: ['x'] };
  const spec = testSpec([{ ...input(10), id: 'x' }, positions, reshaped]);
  assert.throws(() => sampleWork(spec), InputError);
  assert.equal(sampleWork({ ...spec, executable: false }).multiplyAdds, 10 * 20);
});

test('a large model gets a smaller batch and fewer looks, never below what units need', () => {
  const spec = testSpec([input(224, 224, 96), conv('c', 224, 96, 96), conv('d', 224, 96, 96)]);
  const plan = makePlan(spec, choices);
  assert.equal(plan.batch, 8);
  assert.deepEqual(plan.looks, [5]);
  assert.ok(plan.why.some((why) => /batch 8 instead of 32: .* multiply-adds a sample/.test(why)));
  assert.ok(makePlan(spec, { ...choices, budgetSeconds: 1000 }).batch > 8);
});

test('an expensive seed takes fewer samples; batch statistics and your data keep those that shares need', () => {
  const body = [input(32, 32, 64), conv('c', 32, 64, 256), conv('d', 32, 256, 256)];
  const plan = makePlan(testSpec(body), choices);
  assert.equal(plan.batch, 16);
  assert.deepEqual(plan.looks, [5, 10, 20]);
  assert.ok(
    plan.why.some((why) => /batch 16 instead of 32: .* a sample; shares .* forward only/.test(why)),
    plan.why.join('\n'),
  );
  const head: TestLayer = { id: 'p', kind: 'flatten', shape: [null, 256] };
  const last = dense('e', 256, 64, 'he_normal', 'relu');
  assert.equal(makePlan(testSpec([...body, head, last]), choices).batch, 16);
  const data = { inputs: ['in'], rows: 1000 };
  assert.equal(makePlan(testSpec([...body, head, last]), { ...choices, data }).batch, 64);
  assert.equal(makePlan(testSpec([...body, head, last]), { ...choices, backend: 'python' }).batch, 64);
  const norm: TestLayer = { id: 'n', kind: 'batchNorm', shape: [null, 64] };
  assert.equal(makePlan(testSpec([...body, head, last, norm]), choices).batch, 64);
});

test('what needs nearly 4 GB is planned at a batch that fits, what needs more at two samples is refused from the estimate', () => {
  const wide = (units: number) =>
    testSpec([input(1), { ...dense('wide', 1, units, 'he_normal'), shape: [null, units] }]);
  // Weights and values, each with its gradient.
  const need = (units: number, batch: number): number => {
    const { parameters, kept } = sampleWork(wide(units));
    return 4 * (2 * parameters + 2 * kept * batch);
  };
  const { batch } = makePlan(wide(1e8), choices);
  assert.ok(batch >= 2 && need(1e8, batch) <= 3.6e9 && need(1e8, 2 * batch) > 3.6e9);
  assert.ok(need(3e8, 2) > 3.6e9);
  assert.throws(
    () => makePlan(wide(3e8), choices),
    (error: unknown) => error instanceof InputError && /at most 3.35 GiB/.test(error.problem.expected ?? ''),
  );
});

test('absurd sizes are refused from the estimate, with what is largest', () => {
  const spec = testSpec([
    input(10),
    { ...dense('huge', 10, 2_000_000_000, 'he_normal', 'relu'), shape: [null, 2_000_000_000] },
  ]);
  assert.throws(
    () => makePlan(spec, choices),
    (error: unknown) =>
      error instanceof InputError &&
      /too large/.test(error.message) &&
      /\(\?, 2000000000\) of huge/.test(error.problem.found ?? ''),
  );
});

test('what would take too long is refused with the minutes', () => {
  const spec = testSpec([input(256, 256, 128), conv('c', 256, 128, 128)]);
  assert.throws(() => makePlan(spec, { ...choices, backend: 'cpu', batch: 2 }), /would take too long/);
});

test('what is asked for is taken as it is and said so', () => {
  const spec = testSpec([input(10), dense('a', 10, 3, 'he_normal', 'relu')]);
  const plan = makePlan(spec, { ...choices, seeds: 3, batch: 7 });
  assert.equal(plan.batch, 7);
  assert.deepEqual(plan.seeds, [1, 2, 3]);
  assert.deepEqual(plan.looks, [3]);
  assert.ok(plan.why.some((why) => why.startsWith('fewer than 4 seeds')));
});

test('nominal seconds grow with the batch and differ by backend', () => {
  const work = { parameters: 0, multiplyAdds: 1e9, values: 0, kept: 0, scratch: 0 };
  assert.ok(nominalSeconds(work, 2, 'wasm') > nominalSeconds(work, 1, 'wasm'));
  assert.ok(nominalSeconds(work, 1, 'cpu') > nominalSeconds(work, 1, 'wasm'));
});

test('the backend follows from counted work, and the plan says the numbers', () => {
  const small = testSpec([input(10), dense('a', 10, 3, 'he_normal')]);
  const large = testSpec([input(224, 224, 96), conv('c', 224, 96, 96), conv('d', 224, 96, 96)]);
  const installed = ['cpu', 'tensorflow', 'wasm'] as const;
  assert.match(
    fastestBackend(large, installed, {})?.why ?? '',
    /^tensorflow: about .* s by counted work, wasm .* s$/,
  );
  assert.notEqual(fastestBackend(small, installed, {})?.backend, 'tensorflow');
  assert.equal(fastestBackend(large, ['cpu', 'wasm'], {})?.backend, 'wasm');
  assert.equal(fastestBackend(small, [], {}), undefined);
});
