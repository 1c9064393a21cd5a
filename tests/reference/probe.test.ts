import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { openBackend } from '../../src/engine/backends.ts';
import { runProbe } from '../../src/engine/probe.ts';
import { stepsTo } from '../../src/inspect/probing.ts';
import type { ProbeRequest } from '../../src/model/probe.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { mlp, testPlan, testSpec } from '../support/builtSpecs.ts';

const net = (initializer: string): ModelSpec =>
  testSpec({ inputs: [8], layers: mlp([24, 24, 4], 'relu', initializer, 'softmax') });

const request = (spec: ModelSpec, more: Partial<ProbeRequest> = {}): ProbeRequest => ({
  spec,
  changes: [],
  plan: testPlan(spec, 32),
  optimizer: 'adam',
  rates: [1e-3, 1e-2],
  seeds: [1, 2],
  steps: 60,
  ...more,
});

test('a healthy net learns the teacher, the same way each time, and leaves no tensor', async () => {
  const backend = await openBackend('cpu');
  const spec = net('he_normal');
  const before = tf.memory().numTensors;
  const first = runProbe(request(spec), { backend });
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(runProbe(request(spec), { backend }), first);
  assert.equal(first.tried.length, 2);
  assert.equal(first.runs.length, 2);
  for (const { losses, heldOut } of first.runs) {
    assert.equal(losses.length, 60);
    assert.ok(heldOut < 0.8 * first.uninformed, `${heldOut} against ${first.uninformed}`);
  }
  const [pair] = first.pairs;
  assert.ok(pair);
  assert.ok(pair.distance > 1 && pair.distance < 1.6, String(pair.distance));
  assert.ok(pair.disagreement > 0 && pair.disagreement < 1.5);
});

test('a zero net with ReLU learns nothing', async () => {
  const backend = await openBackend('cpu');
  const spec = net('zeros');
  const { runs, uninformed } = runProbe(request(spec), { backend });
  for (const { heldOut } of runs) assert.ok(heldOut > 0.85 * uninformed, `${heldOut} against ${uninformed}`);
});

test('a cancelled probe rejects and leaves no tensor', async () => {
  const backend = await openBackend('cpu');
  const spec = net('he_normal');
  const before = tf.memory().numTensors;
  let asked = 0;
  assert.throws(() => runProbe(request(spec), { backend, cancelled: () => ++asked > 50 }), {
    name: 'AbortError',
  });
  assert.equal(tf.memory().numTensors, before);
});

test('steps to a limit are taken from the mean of ten steps', () => {
  const falling = Array.from({ length: 40 }, (_, index) => 2 - index * 0.05);
  assert.equal(stepsTo(falling, 1), 26);
  assert.equal(stepsTo(falling, -1), undefined);
  assert.equal(stepsTo([0, 0, 0], 1), undefined);
});
