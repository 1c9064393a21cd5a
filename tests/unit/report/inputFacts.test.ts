import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputFacts } from '../../../src/report/inputFacts.ts';
import { makePlan } from '../../../src/inspect/plan.ts';
import { testSpec } from '../../support/builtSpecs.ts';

const plan = makePlan(
  testSpec({
    inputs: [{ name: 'input', shape: [12], vocabulary: 100 }],
    layers: [
      { class: 'Embedding', name: 'tokens', config: { input_dim: 100, output_dim: 8 } },
      { class: 'Dense', name: 'head', config: { units: 2 } },
    ],
  }),
  { backend: 'wasm', why: 'wasm: as asked', start: 'fresh' },
);

test('inputs of embeddings get ids, which is what the words say', () => {
  assert.equal(plan.ids?.length, 1);
  assert.equal(inputFacts(plan), 'input 12, uniform ids');
});

test('real inputs, several kinds of inputs, data and none', () => {
  const inputs = { pixels: [64, 8, 8], token: [64] };
  const mixed = { ...plan, inputs, ids: ['token'] };
  assert.equal(inputFacts(mixed), 'input 8×8 (N(0,1)), one number (uniform ids)');
  assert.equal(inputFacts({ ...mixed, inputLaw: 'data' }), 'input 8×8, one number, your data');
  assert.equal(inputFacts({ ...mixed, ids: [] }), 'input 8×8, one number, N(0,1)');
  assert.equal(inputFacts({ ...plan, inputs: {} }), undefined);
});
