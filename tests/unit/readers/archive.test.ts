import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unzipSync, zipSync } from 'fflate';
import type { Change } from '../../../src/model/change.ts';
import { rewriteArchive } from '../../../src/readers/archive/rewrite.ts';
import { editModels } from '../../../src/readers/formats.ts';
import { readBytes } from '../../support/memoryFiles.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const layer = (name: string, more: object = {}): object => ({
  module: 'keras.layers',
  class_name: 'Dense',
  config: {
    name,
    units: 4,
    kernel_initializer: {
      module: 'keras.initializers',
      class_name: 'GlorotUniform',
      config: { seed: null },
      registered_name: null,
    },
    ...more,
  },
  registered_name: null,
});
const input = {
  module: 'keras.layers',
  class_name: 'InputLayer',
  config: { batch_shape: [null, 3], name: 'in' },
  registered_name: null,
};
const config = JSON.stringify({
  module: 'keras',
  class_name: 'Sequential',
  config: { name: 'net', layers: [input, layer('a'), layer('b')] },
  registered_name: null,
});

/** An archive as Keras 3 writes it; level 0 stores its entries. */
function archive(level: 0 | 6, more: Record<string, Uint8Array> = {}): Uint8Array {
  const weights = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);
  return zipSync(
    {
      'metadata.json': text('{"keras_version": "3.4.1"}'),
      'config.json': text(config),
      'model.weights.h5': weights,
      ...more,
    },
    { level },
  );
}
const change: Change = {
  layers: ['b'],
  weight: 'kernel',
  initializer: { id: 'heNormal', params: {}, seed: null, written: '' },
};

for (const level of [0, 6] as const) {
  test(`a .keras archive is read through its formatted config and rewritten entry by entry (level ${level})`, async () => {
    const bytes = archive(level);
    const result = await readBytes('/m.keras', bytes);
    const [spec] = result.models;
    assert.ok(spec);
    assert.deepEqual(
      [spec.format, spec.framework, spec.semantics.value, spec.savedWeights],
      ['keras-archive', 'Keras 3.4.1', 'keras3', true],
    );
    const origin = spec.layers.at(-1)?.origins.find(({ kind }) => kind === 'initializer');
    assert.equal(origin?.virtual, true);
    const shown = result.virtualText?.slice(origin?.range.start, origin?.range.end) ?? '';
    assert.equal((JSON.parse(shown) as { class_name: string }).class_name, 'GlorotUniform');

    const rewritten = await rewriteArchive(bytes, spec, [change]);
    assert.ok(rewritten.ok);
    const before = unzipSync(bytes);
    const after = unzipSync(rewritten.bytes);
    assert.deepEqual(Object.keys(after), Object.keys(before));
    assert.deepEqual(after['model.weights.h5'], before['model.weights.h5']);
    assert.deepEqual(after['metadata.json'], before['metadata.json']);
    const at = config.lastIndexOf('GlorotUniform');
    assert.equal(
      new TextDecoder().decode(after['config.json']),
      `${config.slice(0, at)}HeNormal${config.slice(at + 13)}`,
    );
    const again = (await readBytes('/m.keras', rewritten.bytes)).models[0];
    assert.equal(again?.layers.at(-1)?.weights[0]?.initializer.id, 'heNormal');
    const stale = await rewriteArchive(rewritten.bytes, spec, [change]);
    assert.ok(!stale.ok && /changed since/.test(stale.refusal.reason));
    assert.ok(!editModels('', spec, [change]).ok);
  });
}

test('archives that lie or are cut off give one line', async () => {
  const problem = async (bytes: Uint8Array): Promise<string> =>
    (await readBytes('/m.keras', bytes)).problems[0]?.message ?? '';
  assert.match(await problem(archive(6).slice(0, -40)), /no directory at its end/);
  const big = zipSync({ 'config.json': new Uint8Array(70 * 2 ** 20) }, { level: 9 });
  assert.match(await problem(big), /"config.json" in the archive is too large/);
  const lying = archive(6);
  const view = new DataView(lying.buffer);
  for (let at = 0; at + 46 < lying.length; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 50, true);
  assert.match(await problem(lying), /is not what the zip directory says/);
});

test('paths that only look like config.json do not count, PyTorch checkpoints are named', async () => {
  const tricks = await readBytes(
    '/m.keras',
    zipSync({ '../config.json': text(config), '/config.json': text(config) }),
  );
  assert.match(tricks.notAModel ?? '', /without config.json/);
  const torch = await readBytes('/m.pt', zipSync({ 'archive/data.pkl': text('x') }));
  assert.match(torch.skipped ?? '', /PyTorch checkpoint \(pickled, never opened/);
});

test('plausible wrong files are named for what they are', async () => {
  const skipped = async (path: string, content: string | Uint8Array): Promise<string> =>
    (await readBytes(path, content)).skipped ?? '';
  assert.match(await skipped('/x/saved_model.pb', 'abc'), /SavedModel.*model\.keras/);
  assert.match(await skipped('/x/frozen.pb', 'abc'), /TensorFlow graph/);
  assert.match(await skipped('/x/m.tflite', '\0\0\0\0TFL3'), /TensorFlow Lite/);
  assert.match(await skipped('/x/m.onnx', '\b\u0007'), /ONNX/);
  assert.match(await skipped('/x/m.pth', new Uint8Array([0x80, 2, 0x8a])), /pickled PyTorch/);
  assert.match(
    await skipped('/x/m.yaml', 'backend: tensorflow\nclass_name: Sequential\nconfig:\n'),
    /Keras YAML/,
  );
});
