import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { readDocument } from '../../../src/readers/json/read.ts';
import type { SavedLookup } from '../../../src/readers/withSaved.ts';
import { hasShape } from '../../../src/readers/withSaved.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const layer = (className: string, name: string, config: object = {}) => ({
  class_name: className,
  config: { name, ...config },
});
const lambda = layer('Lambda', 'scaled', { batch_input_shape: [null, 8, 8, 3], output_shape: null });
const conv = layer('Conv2D', 'seen', { filters: 4, kernel_size: [3, 3] });

/** Reads a Sequential beside saved weights of these shapes, by layer and weight. */
async function readBeside(
  layers: readonly object[],
  shapes: Readonly<Record<string, readonly number[]>>,
): Promise<ModelSpec> {
  const saved: SavedLookup = (id, weights) =>
    weights.map((weight) => {
      const shape = shapes[`${id}/${weight.name}`];
      const found = shape === undefined ? undefined : { file: 'm.h5', dataset: '', dtype: 'float32', shape };
      return found !== undefined && hasShape(found, weight) ? found : undefined;
    });
  const text = JSON.stringify({
    class_name: 'Sequential',
    config: { name: 'm', layers },
    keras_version: '2.2.4',
  });
  const file = { path: 'm.h5', size: 0, head: new Uint8Array() };
  const { models } = await readDocument(
    text,
    file,
    memoryFiles({}),
    {},
    { format: 'hdf5', savedWeights: true, saved },
  );
  assert.ok(models[0]);
  return models[0];
}

const CONV = { 'seen/kernel': [3, 3, 3, 4], 'seen/bias': [4] };

test('a Lambda that states nothing keeps its shape where the saved weights fit no other', async () => {
  const layers = [lambda, conv, layer('Flatten', 'flat'), layer('Dense', 'out', { units: 2 })];
  const spec = await readBeside(layers, { ...CONV, 'out/kernel': [144, 2], 'out/bias': [2] });
  assert.deepEqual(
    spec.layers.map(({ name, opaque }) => [name, opaque === undefined]),
    [
      ['scaled_input', true],
      ['scaled', false],
      ['seen', true],
      ['flat', true],
      ['out', true],
    ],
  );
  assert.match(
    spec.problems.map(({ message }) => message).join('\n'),
    /"scaled": the file does not state what it gives; .* \(\?, 8, 8, 3\)/,
  );
});

test('where the saved weights leave a size open, or fit no shape of the input, nothing is taken', async () => {
  const open = [lambda, conv, layer('GlobalAveragePooling2D', 'mean'), layer('Dense', 'out', { units: 2 })];
  await assert.rejects(
    readBeside(open, { ...CONV, 'out/kernel': [4, 2], 'out/bias': [2] }),
    /No layer of the model/,
  );
  const cut = [lambda, conv, layer('Flatten', 'flat'), layer('Dense', 'out', { units: 2 })];
  await assert.rejects(
    readBeside(cut, { ...CONV, 'out/kernel': [36, 2], 'out/bias': [2] }),
    /No layer of the model/,
  );
});
