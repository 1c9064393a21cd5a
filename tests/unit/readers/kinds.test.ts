import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editModels } from '../../../src/readers/formats.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { readBytes } from '../../support/memoryFiles.ts';

const dense = (name: string, more: object = {}) => ({
  class_name: 'Dense',
  config: { name, units: 4, kernel_initializer: { class_name: 'Zeros', config: {} }, ...more },
});

const input = (...shape: readonly (number | null)[]) => ({
  module: 'keras.layers',
  class_name: 'InputLayer',
  config: { name: 'input', batch_shape: shape },
});

const sequential = (...layers: readonly object[]): string =>
  JSON.stringify({ module: 'keras', class_name: 'Sequential', config: { name: 'model', layers } });

async function specOf(text: string): Promise<ModelSpec> {
  const { models, problems } = await readBytes('/m.json', text);
  assert.ok(models[0], JSON.stringify(problems));
  return models[0];
}

test('a model under TimeDistributed is read layer by layer, and its layers are edited where they stand', async () => {
  const inner = {
    class_name: 'Sequential',
    config: { name: 'inner', layers: [input(null, 6), dense('a'), dense('b')] },
  };
  const text = sequential(input(null, 3, 6), {
    class_name: 'TimeDistributed',
    config: { name: 'steps', layer: inner },
  });
  const spec = await specOf(text);
  assert.deepEqual(
    spec.layers.map(({ id, className, kind }) => [id, className, kind]),
    [
      ['input', 'InputLayer', 'input'],
      ['steps/a', 'Dense', 'timeDistributed'],
      ['steps/b', 'Dense', 'timeDistributed'],
    ],
  );
  assert.deepEqual(spec.outputs[0]?.shape, [null, 3, 4]);
  const kernel = spec.layers[1]!.weights[0]!;
  assert.deepEqual([kernel.name, kernel.key, kernel.shape], ['layer/kernel', 'kernel_initializer', [6, 4]]);
  assert.ok(spec.layers[2]!.roles.includes('head'));
  const changed = { ...kernel.initializer, id: 'heNormal', params: {}, written: 'HeNormal' };
  const result = await editModels(text, spec, [
    { layers: ['steps/a'], weight: 'layer/kernel', initializer: changed },
  ] as never);
  assert.ok(result.ok, JSON.stringify(result));
  const [edit] = result.edits[0]!.edits;
  assert.equal(text.slice(edit!.range.start, edit!.range.end), '{"class_name":"Zeros","config":{}}');
  assert.ok(edit!.range.start > text.indexOf('"a"') && edit!.range.start < text.indexOf('"b"'));
});

test('glu halves what follows, and an odd size is an error with its place', async () => {
  const spec = await specOf(
    sequential(input(null, 6), dense('a', { units: 8, activation: 'glu' }), dense('b')),
  );
  assert.deepEqual(
    spec.nodes.map(({ outputs }) => outputs[0]),
    [
      [null, 6],
      [null, 4],
      [null, 4],
    ],
  );
  assert.deepEqual(spec.layers[2]!.weights[0]!.shape, [4, 4]);
  const { models, problems } = await readBytes(
    '/m.json',
    sequential(input(null, 6), dense('a', { units: 7, activation: 'glu' })),
  );
  assert.equal(models.length, 0);
  assert.match(problems[0]!.message, /glu takes halves/);
});

test('a glu layer whose whole size Keras 3 states for what follows is noted', async () => {
  const glu = dense('a', { units: 8, activation: 'glu' });
  const spec = await specOf(
    sequential(input(null, 6), glu, { ...dense('b'), build_config: { input_shape: [null, 8] } }),
  );
  assert.equal(spec.problems.length, 1);
  assert.match(spec.problems[0]!.message, /^Layer "a": glu gives 4 values where the file states 8\./);
  const right = { ...dense('b'), build_config: { input_shape: [null, 4] } };
  assert.deepEqual((await specOf(sequential(input(null, 6), glu, right))).problems, []);
});

test('an unknown layer stands in the shape for which Keras 3 built the next one; without it what follows is left out', async () => {
  const custom = { class_name: 'Mystery', config: { name: 'mystery' } };
  const built = { ...dense('b'), build_config: { input_shape: [null, 5] } };
  const spec = await specOf(sequential(input(null, 6), custom, built));
  assert.deepEqual(spec.nodes[1]!.outputs, [[null, 5]]);
  assert.deepEqual(spec.layers[2]!.weights[0]!.shape, [5, 4]);
  assert.deepEqual(
    spec.problems.map(({ message }) => message),
    ['Layer "mystery": the class Mystery is not known to Initscope.'],
  );
  const open = await specOf(sequential(input(null, 6), dense('a'), custom, dense('b')));
  assert.deepEqual(
    open.nodes.map(({ id }) => id),
    ['input', 'a'],
  );
});

test('a layer that is opaque by design says why', async () => {
  const lambda = { class_name: 'Lambda', config: { name: 'code', output_shape: [3] } };
  const spec = await specOf(sequential(input(null, 6), lambda, dense('b')));
  assert.equal(spec.layers[1]!.opaque, 'Lambda is not run: its function is code, which is never run.');
});

test('a wrapper has the activation of its layer, by which its loss is taken', async () => {
  const steps = (name: string, activation: string) => ({
    class_name: 'TimeDistributed',
    config: { name, layer: dense(`${name}_inner`, { activation }) },
  });
  const model = sequential(input(null, 3, 6), steps('hidden', 'relu'), steps('out', 'softmax'));
  const compiled = {
    ...(JSON.parse(model) as object),
    training_config: { loss: 'categorical_crossentropy' },
  };
  const spec = await specOf(JSON.stringify(compiled));
  assert.deepEqual(
    spec.layers.map(({ activation }) => activation?.id),
    [undefined, 'relu', 'softmax'],
  );
  assert.deepEqual(spec.problems, []);
  assert.deepEqual(
    [spec.outputs[0]!.loss.id, spec.outputs[0]!.loss.fromLogits],
    ['categorical_crossentropy', false],
  );
});

test('a loss that is a function of the program is named by its own name', async () => {
  const loss = { module: 'builtins', class_name: 'function', config: 'my_loss', registered_name: 'function' };
  const model = {
    ...(JSON.parse(sequential(input(null, 6), dense('a'))) as object),
    training_config: { loss },
  };
  const spec = await specOf(JSON.stringify(model));
  assert.match(spec.problems[0]!.message, /^The loss "my_loss" is not known/);
});
