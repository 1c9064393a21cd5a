import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModels } from '../../../src/readers/formats.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const topology = {
  class_name: 'Sequential',
  config: [
    { class_name: 'Dense', config: { name: 'a', units: 2, batch_input_shape: [null, 3] } },
    { class_name: 'Dense', config: { name: 'b', units: 1, use_bias: false } },
  ],
  keras_version: 'tfjs-layers 4.22.0',
};
const weights = [
  { name: 'a/kernel', shape: [3, 2], dtype: 'float32' },
  { name: 'a/bias', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
  { name: 'b/kernel', shape: [2, 1], dtype: 'float32' },
];
const text = JSON.stringify({ modelTopology: topology, weightsManifest: [{ paths: ['s1', 's2'], weights }] });

async function read(shards: Readonly<Record<string, Uint8Array>>) {
  const bytes = new TextEncoder().encode(text);
  const files = memoryFiles({ '/m/model.json': bytes, ...shards });
  const result = await readModels(
    { path: '/m/model.json', size: bytes.length, head: bytes.slice(0, 4096) },
    files,
    {},
  );
  const [spec] = result.models;
  assert.ok(spec);
  const saved = Object.fromEntries(
    spec.layers.flatMap((layer) =>
      layer.weights.map((weight) => [`${layer.id}/${weight.name}`, weight.saved]),
    ),
  );
  return { spec, saved };
}

test('weights are found in their shards, quantized and spread ones included; longer shards are fine', async () => {
  const { spec, saved } = await read({ '/m/s1': new Uint8Array(28), '/m/s2': new Uint8Array(40) });
  assert.deepEqual(saved['a/kernel'], {
    file: '/m/s1',
    start: 0,
    byteLength: 24,
    shape: [3, 2],
    dtype: 'float32',
  });
  assert.deepEqual(saved['a/bias']?.quantization, { dtype: 'uint8', scale: 0.5, min: -1 });
  assert.deepEqual(saved['b/kernel']?.parts, [
    { file: '/m/s1', start: 26, byteLength: 2 },
    { file: '/m/s2', start: 0, byteLength: 6 },
  ]);
  assert.deepEqual([spec.savedWeights, spec.problems], [true, []]);
});

test('a missing shard and a short one are named; the model is read all the same', async () => {
  const missing = await read({ '/m/s1': new Uint8Array(28) });
  assert.match(missing.spec.problems[0]?.message ?? '', /"s2" is missing beside the model/);
  assert.equal(missing.spec.savedWeights, false);
  const short = await read({ '/m/s1': new Uint8Array(26), '/m/s2': new Uint8Array(2) });
  assert.match(short.spec.problems[0]?.message ?? '', /end before "b\/kernel"/);
  assert.ok(short.saved['a/kernel'] && short.saved['b/kernel'] === undefined);
});
