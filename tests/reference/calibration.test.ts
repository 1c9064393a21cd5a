import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { halfOf } from '../calibrate/halves.ts';
import { inspect } from '../calibrate/inspectModel.ts';
import { harmlessSet } from '../calibrate/harmlessSet.ts';
import { healthySet } from '../calibrate/healthySet.ts';
import { mutantSet } from '../calibrate/mutantSet.ts';

const HEALTHY = [
  'he-relu-64x10',
  'glorot-relu-64x5',
  'torch-relu-64x4',
  'glorot-tanh-64x10',
  'bn-relu-64x5',
  'res-fixup-64x8',
  'he-cnn',
  'lstm-30',
];
const HARMLESS = ['shared-seeds', 'n001-one', 'small-constant', 'pixels-rescaled', 'pixels-normalized'];
const MUTANTS = [
  'n01-relu-all',
  'n01-tanh-d5',
  'ones-relu-d9',
  'zeros-relu-all',
  'n001-relu-10',
  'bias-3',
  'head-n01',
  'sigmoid-10',
  'pixels-tanh',
];

function named<T extends { readonly model: { readonly name: string } }>(all: readonly T[], name: string): T {
  const found = all.find(({ model }) => model.name === name);
  assert.ok(found, `no model ${name}`);
  return found;
}

const serious = async (model: Parameters<typeof inspect>[0]) =>
  (await inspect(model)).findings.filter(({ severity }) => severity === 'error' || severity === 'warning');

describe('a slice of npm run calibrate', () => {
  const quiet = [...healthySet(false), ...harmlessSet()];
  for (const name of [...HEALTHY, ...HARMLESS]) {
    test(`${name}: no warning`, async () => {
      const alarms = await serious(named(quiet, name).model);
      assert.deepEqual(
        alarms.map(({ rule, layer }) => `${rule} ${layer}`),
        [],
      );
    });
  }
  const mutants = mutantSet(false);
  for (const name of MUTANTS) {
    test(`${name}: one finding that fits, at its cause`, async () => {
      const { model, rules, causes } = named(mutants, name);
      const found = await serious(model);
      assert.equal(found.length, 1, found.map(({ rule }) => rule).join(', '));
      assert.ok(rules.includes(found[0]?.rule ?? ''), found[0]?.rule);
      assert.ok(causes.includes(found[0]?.layer ?? ''), found[0]?.layer);
    });
  }
});

test('halves never move', () => {
  const names = ['he-relu-64x10', 'sigmoid-10', 'bias-3', 'held-bias-2'];
  assert.deepEqual(names.map(halfOf), ['tuned-a', 'tuned-a', 'tuned-b', 'held-out']);
});
