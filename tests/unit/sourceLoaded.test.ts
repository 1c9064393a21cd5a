import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadResult } from '../../src/model/reader.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { projectFiles } from '../support/projectFiles.ts';

const dense = (name: string, units: number, more: object = {}) => ({
  class_name: 'Dense',
  config: {
    name,
    units,
    activation: 'relu',
    kernel_initializer: { class_name: 'Zeros', config: {} },
    ...more,
  },
});
const SEQUENTIAL = {
  modelTopology: {
    class_name: 'Sequential',
    config: {
      name: 'base',
      layers: [dense('a', 8, { batch_input_shape: [null, 4] }), dense('b', 6), dense('c', 3)],
    },
  },
  weightsManifest: [{ paths: ['w.bin'], weights: [] }],
};
const inbound = (...names: string[]) => [names.map((name) => [name, 0, 0, {}])];
const FUNCTIONAL = {
  class_name: 'Functional',
  config: {
    name: 'two',
    layers: [
      {
        class_name: 'InputLayer',
        name: 'in',
        config: { name: 'in', batch_input_shape: [null, 4] },
        inbound_nodes: [],
      },
      { ...dense('left', 5), name: 'left', inbound_nodes: inbound('in') },
      { ...dense('right', 5), name: 'right', inbound_nodes: inbound('in') },
      { class_name: 'Add', name: 'sum', config: { name: 'sum' }, inbound_nodes: inbound('left', 'right') },
      { ...dense('out', 2), name: 'out', inbound_nodes: inbound('sum') },
    ],
    input_layers: [['in', 0, 0]],
    output_layers: [['out', 0, 0]],
  },
};
const FILES: Readonly<Record<string, string>> = {
  '/project/saved/model.json': JSON.stringify(SEQUENTIAL),
  '/project/two.json': JSON.stringify(FUNCTIONAL),
  '/elsewhere/model.json': JSON.stringify(SEQUENTIAL),
  '/project/broken.json': '{"modelTopology": {',
};
const TF = "import * as tf from '@tensorflow/tfjs';\n";

function read(body: string): Promise<ReadResult> {
  const path = '/project/train.js';
  const text = `${TF}async function build() {\n${body}\nreturn m;\n}\nbuild();\n`;
  return readSource(path, text, projectFiles({ ...FILES, [path]: text }), {});
}

/** Layer names with the shapes of their weights. */
async function weighted(body: string): Promise<string[]> {
  const { models, questions, problems } = await read(body);
  assert.deepEqual(questions ?? [], []);
  assert.equal(models.length, 1, JSON.stringify(problems));
  return (models[0]?.layers ?? [])
    .flatMap((layer) => [layer, ...(layer.inner ?? [])])
    .filter(({ weights }) => weights.length > 0)
    .map(({ id, weights }) => `${id} ${weights[0]?.shape.join('×') ?? ''}`);
}

const HEAD = "m.add(tf.layers.dense({units: 2, name: 'head'}));";

describe('sources that load a model file of their project', () => {
  it('cut it at a layer and put a head on it', async () => {
    const cut = "const cut = tf.model({inputs: base.inputs, outputs: base.getLayer('b').output});";
    const head =
      "const m = tf.model({inputs: cut.inputs, outputs: tf.layers.dense({units: 2, name: 'head'}).apply(cut.outputs[0])});";
    const { models } = await read(
      `const base = await tf.loadLayersModel('file://./saved/model.json');\n${cut}\n${head}`,
    );
    const last = models.at(-1);
    assert.deepEqual(
      last?.layers
        .filter(({ weights }) => weights.length > 0)
        .map(({ id, weights }) => [id, weights[0]?.shape]),
      [
        ['a', [4, 8]],
        ['b', [8, 6]],
        ['head', [6, 2]],
      ],
    );
    assert.equal(last.layers.find(({ id }) => id === 'a')?.weights[0]?.initializer.id, 'zeros');
    assert.ok(
      last.problems.some(({ message }) =>
        /^a, b come from .*model\.json with saved weights that are not beside it: what is drawn/.test(
          message,
        ),
      ),
      JSON.stringify(last.problems),
    );
  });

  it('take its layers into a sequential, from a path in a constant, and freeze them', async () => {
    const text = `const path = 'saved/model.json'; const base = await tf.loadLayersModel('file://' + path); const m = tf.sequential();\nfor (const layer of base.layers.slice(0, 2)) { layer.trainable = false; m.add(layer); }\n${HEAD}`;
    assert.deepEqual(await weighted(text), ['a 4×8', 'b 8×6', 'head 6×2']);
    const [spec] = (await read(text)).models;
    assert.deepEqual(
      spec?.layers.filter(({ weights }) => weights.length > 0).map(({ trainable }) => trainable),
      [false, false, true],
    );
  });

  it('put the whole of it first, and ask its shapes', async () => {
    const sizes =
      'const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: base.outputs[0].shape.slice(1)})]});';
    assert.deepEqual(
      await weighted(`const base = await tf.loadLayersModel('./saved/model.json'); ${sizes}`),
      ['dense_Dense1 3×2'],
    );
    const whole = await read(
      `const base = await tf.loadLayersModel('./saved/model.json'); const m = tf.sequential(); m.add(base); ${HEAD}`,
    );
    assert.deepEqual(
      whole.models[0]?.layers.at(-1)?.weights[0]?.shape,
      [3, 2],
      JSON.stringify(whole.problems),
    );
  });

  it('take graphs with merges', async () => {
    const text = `const base = await tf.loadLayersModel('two.json'); const m = tf.model({inputs: base.inputs, outputs: tf.layers.dense({units: 1, name: 'head'}).apply(base.getLayer('sum').output)});`;
    assert.deepEqual(await weighted(text), ['left 4×5', 'right 4×5', 'head 5×1']);
    assert.ok(
      (await read(text)).models[0]?.problems.some(({ message }) => message.includes('saves no weights')),
    );
  });

  it('are told of a URL that it is not loaded, and of a path that leads nowhere or outside', async () => {
    const on = (path: string) =>
      read(
        `const base = await tf.loadLayersModel(${JSON.stringify(path)}); const m = tf.model({inputs: base.inputs, outputs: base.getLayer('b').output});`,
      );
    const said = async (path: string): Promise<string> =>
      (await on(path)).problems.map(({ message }) => message).join();
    assert.match(await said('https://example.org/model.json'), /"https:.*", a URL, which is not loaded/);
    for (const path of [
      'missing.json',
      '../elsewhere/model.json',
      'file:///elsewhere/model.json',
      'broken.json',
    ])
      assert.match(await said(path), /which is not a model file of this project/);
    const { problems } = await read(
      "const base = await tf.loadLayersModel(pick()); const m = tf.model({inputs: base.inputs, outputs: base.getLayer('b').output});",
    );
    assert.match(
      problems[0]?.message ?? '',
      /stands on a loaded model \(from a place that is not known here\)/,
    );
  });
});
