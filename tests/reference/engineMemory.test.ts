import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { emscripten } from '../../src/engine/kernels/heap.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { testPlan, testSpec } from '../support/builtSpecs.ts';

let backend: EngineBackend;
const held = new Map<number, number>();
before(async () => {
  backend = await openBackend('wasm');
  const heap = emscripten(tf.backend() as BackendWasm);
  // Emscripten's functions replace themselves when they are first called.
  heap._free(heap._malloc(8));
  const { _malloc: malloc, _free: free } = heap;
  Object.assign(heap, {
    _malloc: (bytes: number) => {
      const at = malloc(bytes);
      held.set(at, bytes);
      return at;
    },
    _free: (at: number) => {
      held.delete(at);
      free(at);
    },
  });
});

/** Bytes that are allocated on the wasm heap, and tensors that are alive. */
function level(): { bytes: number; tensors: number } {
  let bytes = 0;
  held.forEach((size) => (bytes += size));
  return { bytes, tensors: tf.memory().numTensors };
}

const MODELS: Readonly<Record<string, ModelSpec>> = {
  convolutional: testSpec({
    inputs: [8, 8, 3],
    layers: [
      { class: 'Conv2D', config: { filters: 6, kernel_size: 3, activation: 'relu' } },
      { class: 'BatchNormalization' },
      { class: 'MaxPooling2D' },
      { class: 'DepthwiseConv2D', config: { kernel_size: 3, padding: 'same' } },
      { class: 'Flatten' },
      { class: 'Dense', config: { units: 5, activation: 'softmax' } },
    ],
  }),
  recurrent: testSpec({
    inputs: [6, 4],
    layers: [
      { class: 'LSTM', config: { units: 5, return_sequences: true } },
      { class: 'GRU', config: { units: 3 } },
      { class: 'Dense', config: { units: 2, activation: 'gelu' } },
    ],
  }),
};

for (const [name, spec] of Object.entries(MODELS)) {
  test(`a measurement gives all its memory back: ${name}`, async () => {
    const request = { spec, changes: [], plan: testPlan(spec, 16, [1, 2]), seeds: [1, 2] };
    await measureSeeds(request, { backend });
    const start = level();
    await measureSeeds(request, { backend });
    assert.deepEqual(level(), start);
  });

  test(`a measurement that is stopped halfway gives all its memory back: ${name}`, async () => {
    const request = { spec, changes: [], plan: testPlan(spec, 16, [1]), seeds: [1] };
    const start = level();
    for (const most of [1, 5, 12, 20]) {
      let asked = 0;
      const running = measureSeeds(request, { backend, cancelled: () => ++asked > most });
      await assert.rejects(running, { name: 'AbortError' });
      assert.deepEqual(level(), start, `stopped at check ${most}`);
    }
  });
}
