import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { mlp, testPlan, testSpec } from '../../support/builtSpecs.ts';

const convolutional = testSpec({
  inputs: [8, 8, 3],
  layers: [
    { class: 'Conv2D', config: { filters: 4, kernel_size: 3, activation: 'relu' } },
    { class: 'BatchNormalization' },
    { class: 'MaxPooling2D' },
    { class: 'Flatten' },
    { class: 'Dense', config: { units: 5, activation: 'softmax' } },
  ],
});
const recurrent = testSpec({
  inputs: [{ name: 'ids', shape: [7], vocabulary: 11 }],
  layers: [
    { class: 'Embedding', config: { input_dim: 11, output_dim: 4, mask_zero: true } },
    { class: 'Bidirectional', config: { layer: { class_name: 'LSTM', config: { units: 3 } } } },
    { class: 'Dense', config: { units: 1, activation: 'sigmoid' } },
  ],
});
const dense = testSpec({ inputs: [16], layers: mlp([16, 16, 4], 'relu', 'he_normal', 'softmax') });

for (const name of ['cpu', 'wasm'] as const) {
  test(`${name}: no tensor is left after a measurement, a cancelled one, or a failed one`, async () => {
    const backend = await openBackend(name);
    const measure = (spec: ModelSpec, batch: number, cancelled?: () => boolean) =>
      measureSeeds(
        { spec, changes: [], plan: testPlan(spec, batch), seeds: [1, 2] },
        { backend, ...(cancelled === undefined ? {} : { cancelled }) },
      );
    await measure(dense, 8);
    const tensors = tf.memory().numTensors;
    const buffers = tf.memory().numDataBuffers;
    for (const spec of [dense, convolutional, recurrent]) {
      await measure(spec, 8);
      assert.equal(tf.memory().numTensors, tensors);
      assert.equal(tf.memory().numDataBuffers, buffers);
      for (const last of [1, 5, 12, 20]) {
        let looks = 0;
        const stop = measure(spec, 8, () => ++looks > last);
        await assert.rejects(stop, { name: 'AbortError' });
        assert.equal(tf.memory().numTensors, tensors, `cancelled after ${last}`);
      }
    }
  });
}

test('a layer that cannot be run is named, N(0,1) stands in for it, and what follows is measured', async () => {
  const backend = await openBackend('wasm');
  const spec = {
    ...dense,
    layers: dense.layers.map((layer) =>
      layer.name === 'layer1' ? { ...layer, kind: 'opaque', opaque: 'Mystery is a custom layer' } : layer,
    ),
  };
  const { notMeasured, seeds } = await measureSeeds(
    { spec, changes: [], plan: testPlan(spec, 64), seeds: [1] },
    { backend },
  );
  assert.deepEqual(notMeasured, [
    { layer: 'layer1', reason: 'Mystery is a custom layer; what follows is measured on N(0,1) in its place' },
  ]);
  const last = seeds[0]!.taps.find(
    ({ layer, quantity }) => layer === 'layer2' && quantity === 'preActivation',
  )!;
  assert.ok(Math.abs(last.value.rms - 1.41) < 0.4 && last.gradient !== undefined, String(last.value.rms));
  const first = seeds[0]!.taps.find(
    ({ layer, quantity }) => layer === 'layer0' && quantity === 'activation',
  )!;
  assert.equal(first.gradient, undefined);
});
