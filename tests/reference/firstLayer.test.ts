import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBackend } from '../../src/engine/backends.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import { testPlan, testSpec } from '../support/builtSpecs.ts';

test('no gradient of the data is made: the first layer has only that of its filter', async () => {
  const backend = await openBackend('wasm');
  const conv = { class: 'Conv2D', config: { filters: 5, kernel_size: 3, activation: 'relu' } };
  const layers = [
    conv,
    conv,
    { class: 'Flatten' },
    { class: 'Dense', config: { units: 4, activation: 'softmax' } },
  ];
  const spec = testSpec({ inputs: [8, 8, 3], layers });
  const plan = { ...testPlan(spec, 64, [1]), looks: [1] };
  const ran: string[] = [];
  const engine = tf.engine() as unknown as { runKernel: (name: string, ...rest: unknown[]) => unknown };
  const { runKernel } = engine;
  engine.runKernel = function (name, ...rest) {
    ran.push(name);
    return runKernel.call(engine, name, ...rest);
  };
  try {
    await measureSeeds({ spec, changes: [], plan, seeds: [1] }, { backend });
  } finally {
    engine.runKernel = runKernel;
  }
  const times = (name: string) => ran.filter((each) => each === name).length;
  assert.equal(times('InitscopeConv'), 2);
  assert.equal(times('InitscopeConvInputGradient'), 1);
  assert.equal(times('InitscopeConvFilterGradient'), 2);
});
