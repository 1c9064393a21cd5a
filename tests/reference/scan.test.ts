import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { openBackend } from '../../src/engine/backends.ts';
import { runCoordinates } from '../../src/engine/coordinates.ts';
import { scannedTensors } from '../../src/inspect/widthLaw.ts';
import type { ProbeOptimizer } from '../../src/model/probe.ts';
import type { ScannedTensor } from '../../src/model/scan.ts';
import { mlp, testPlan, testSpec } from '../support/builtSpecs.ts';

const FACTORS = [1, 2, 4, 8];
const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1);
const net = (width: number) =>
  testSpec({ inputs: [3], layers: mlp([width, width, width, 2], 'tanh', 'lecun_normal', 'linear') });
const backend = await openBackend('wasm').catch(() => openBackend('cpu'));

/**
 * The laws of a net in the standard parametrization (fan-in variance, one rate) after one small step on one sample: what Tensor Programs V,
 * appendix J, derives by counting. SGD moves a layer by η·δ·(x·x), Adam by η·sign(δ)·Σ|x|.
 */
function laws(optimizer: ProbeOptimizer, rate: number): readonly ScannedTensor[] {
  const runs = FACTORS.map((factor) => {
    const spec = net(64 * factor);
    const plan = testPlan(spec, 1);
    return runCoordinates({ spec, plan, optimizer, rate, steps: 1, seeds: SEEDS }, { backend });
  });
  return scannedTensors(FACTORS, runs);
}

const near = (found: readonly ScannedTensor[], expected: readonly number[], tolerance: number) => {
  assert.equal(found.length, expected.length);
  found.forEach(({ layer, update }, index) => {
    const wanted = expected[index] ?? NaN;
    assert.ok(
      Math.abs(update.exponent.mean - wanted) < tolerance,
      `${layer}: ${update.exponent.mean}, theory ${wanted}`,
    );
  });
};

test('standard parametrization, SGD: updates go as width^−½ at the input, width^½ inside, width at the output', () => {
  const tensors = laws('sgd', 1e-4);
  near(tensors, [-0.5, 0.5, 0.5, 1], 0.15);
  assert.equal(tensors[0]?.update.trend, 'shrinks');
  assert.equal(tensors[3]?.update.trend, 'grows');
  for (const { layer, activation } of tensors.slice(0, 3)) assert.equal(activation.trend, 'flat', layer);
});

test('standard parametrization, Adam: updates are flat at the input, go as width inside and width^1½ at the output', () => {
  const tensors = laws('adam', 1e-5);
  near(tensors, [0, 1, 1, 1.5], 0.15);
  assert.deepEqual(
    tensors.map(({ update }) => update.trend),
    ['flat', 'grows', 'grows', 'grows'],
  );
});

test('the same request gives the same numbers and leaves no tensor', () => {
  const spec = net(16);
  const request = {
    ...{ spec, plan: testPlan(spec, 8), optimizer: 'adam' as const },
    ...{ rate: 1e-3, steps: 2, seeds: [1, 2] },
  };
  const before = tf.memory().numTensors;
  const first = runCoordinates(request, { backend });
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(runCoordinates(request, { backend }), first);
  assert.equal(first[0]?.losses.length, 2);
  assert.throws(() => runCoordinates(request, { backend, cancelled: () => true }), { name: 'AbortError' });
  assert.equal(tf.memory().numTensors, before);
});

test('the update after one step of SGD is the rate times what the gradient says', () => {
  const spec = testSpec({ inputs: [6], layers: mlp([5], 'linear', 'lecun_normal', 'linear') });
  const run = (rate: number) =>
    runCoordinates(
      { spec, plan: testPlan(spec, 16), optimizer: 'sgd', rate, steps: 1, seeds: [3] },
      { backend },
    )[0]?.coordinates[0]?.update ?? NaN;
  const [small, large] = [run(1e-3), run(4e-3)];
  assert.ok(small > 0);
  assert.ok(Math.abs(large / small - 4) < 1e-2, `${large / small}`);
});
