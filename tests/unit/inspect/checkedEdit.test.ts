import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EditResult } from '../../../src/model/change.ts';
import { type Scenario, scenarioChanges, scenarioSpec } from '../../../src/model/scenario.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import type { ReadResult } from '../../../src/model/reader.ts';
import { checkedEdit } from '../../../src/inspect/checkedEdit.ts';
import { readSource } from '../../../src/readers/source/readSource.ts';
import { kerasDense, kerasSequential } from '../../support/kerasJson.ts';
import { readBytes } from '../../support/memoryFiles.ts';
import { projectFiles } from '../../support/projectFiles.ts';

const TF = "import * as tf from '@tensorflow/tfjs';\n";

const fromJson = (text: string): Promise<ReadResult> => readBytes('/model.json', text);
const fromSource = (text: string): Promise<ReadResult> =>
  readSource('/project/model.js', text, projectFiles({ '/project/model.js': text }), {});

type Read = typeof fromJson;

async function specOf(text: string, read: Read): Promise<ModelSpec> {
  const result = await read(text);
  assert.ok(result.models[0], JSON.stringify(result.problems));
  return result.models[0];
}

async function asked(text: string, scenario: Partial<Scenario>, read: Read): Promise<EditResult> {
  const spec = await specOf(text, read);
  const changes = scenarioChanges(spec, { gain: 1, ...scenario });
  return checkedEdit(text, spec, changes, async (changed) => ({ ...(await read(changed)), file: undefined }));
}

function applied(text: string, result: EditResult): string {
  assert.ok(result.ok, result.ok ? '' : `${result.refusal.place}: ${result.refusal.reason}`);
  return [...(result.edits[0]?.edits ?? [])]
    .reverse()
    .reduce((at, edit) => at.slice(0, edit.range.start) + edit.text + at.slice(edit.range.end), text);
}

/** The text after a scenario, which reads as the model that Measure measures. */
async function after(text: string, scenario: Partial<Scenario>, read: Read): Promise<string> {
  const made = applied(text, await asked(text, scenario, read));
  const wanted = scenarioSpec(await specOf(text, read), { gain: 1, ...scenario });
  const weights = ({ nodes, layers }: ModelSpec) =>
    nodes.map(({ layer }) => layers.find(({ id }) => id === layer)?.weights.map(({ shape }) => shape));
  assert.deepEqual(weights(await specOf(made, read)), weights(wanted));
  return made;
}

async function reason(text: string, scenario: Partial<Scenario>, read: Read): Promise<string> {
  const result = await asked(text, scenario, read);
  assert.ok(!result.ok);
  return result.refusal.reason;
}

const HEAD = kerasDense('out', 3, { activation: 'softmax' });
const SEQUENTIAL = kerasSequential([kerasDense('a', 16), kerasDense('b', 16), HEAD]);

test('another activation changes one word of a Keras file for each layer', async () => {
  const only = await after(SEQUENTIAL, { activation: 'silu', layer: 'b' }, fromJson);
  const words = (text: string) => text.split('"activation"').map((part) => /^: ?"(\w+)"/.exec(part)?.[1]);
  const [before, now] = [words(SEQUENTIAL), words(only)];
  assert.equal(before.filter((word, index) => word !== now[index]).length, 1);
  assert.ok(only.includes('"swish"') || only.includes('"silu"'));
  const all = words(await after(SEQUENTIAL, { activation: 'tanh' }, fromJson));
  assert.deepEqual(all.filter(Boolean), ['tanh', 'tanh', 'softmax']);
});

test('another width changes the numbers that state it, and heads keep theirs', async () => {
  const made = await after(SEQUENTIAL, { width: 2 }, fromJson);
  assert.deepEqual(
    made.match(/"units": ?\d+/g)?.map((part) => Number(/\d+/.exec(part)?.[0])),
    [32, 32, 3],
  );
});

test('Keras 3 repeats shapes in a file: they follow the width', async () => {
  const tensor = (shape: readonly (number | null)[], from: string) => ({
    class_name: '__keras_tensor__',
    config: { shape, dtype: 'float32', keras_history: [from, 0, 0] },
  });
  const dense = (name: string, units: number, size: number, from: string) => ({
    module: 'keras.layers',
    class_name: 'Dense',
    name,
    config: { name, units, activation: 'relu', use_bias: true, dtype: 'float32', trainable: true },
    build_config: { input_shape: [null, size] },
    inbound_nodes: [{ args: [tensor([null, size], from)], kwargs: {} }],
  });
  const input = {
    module: 'keras.layers',
    class_name: 'InputLayer',
    name: 'in',
    config: { batch_shape: [null, 8], dtype: 'float32', name: 'in' },
    inbound_nodes: [],
  };
  const text = JSON.stringify({
    module: 'keras',
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [input, dense('a', 16, 8, 'in'), dense('b', 32, 16, 'a'), dense('out', 3, 32, 'b')],
      input_layers: [['in', 0, 0]],
      output_layers: [['out', 0, 0]],
    },
  });
  const made = await after(text, { width: 2, layer: 'a' }, fromJson);
  const edits = await asked(text, { width: 2, layer: 'a' }, fromJson);
  assert.equal(edits.ok && edits.edits[0]?.edits.length, 3);
  assert.ok(!made.includes('[null,16]') && made.includes('"units":32'));
  assert.match(
    await reason(text, { depth: 2, layer: 'a', width: 0.5 }, fromJson),
    /Only rows of a Sequential/,
  );
});

test('a row of a Sequential file is written so many times, each copy with a name of its own', async () => {
  const made = await after(SEQUENTIAL, { depth: 3, activation: 'tanh', layer: 'b' }, fromJson);
  const { layers } = await specOf(made, fromJson);
  assert.deepEqual(
    layers.filter(({ kind }) => kind === 'dense').map(({ name, activation }) => [name, activation?.id]),
    [
      ['a', 'relu'],
      ['b', 'tanh'],
      ['b_2', 'tanh'],
      ['b_3', 'tanh'],
      ['out', 'softmax'],
    ],
  );
});

const SOURCE = `${TF}const model = tf.sequential();
model.add(tf.layers.dense({units: 16, activation: 'relu', inputShape: [8]}));
model.add(tf.layers.dense({name: 'wide', units: 16, activation: 'relu'}));
model.add(tf.layers.dense({units: 3, activation: 'softmax'}));
`;

test('a TensorFlow.js source takes activation, width and depth in its own calls', async () => {
  const wide = await after(SOURCE, { activation: 'elu', width: 2 }, fromSource);
  assert.equal(
    wide,
    SOURCE.replace("units: 16, activation: 'relu', input", "units: 32, activation: 'elu', input").replace(
      "units: 16, activation: 'relu'}",
      "units: 32, activation: 'elu'}",
    ),
  );
  const deep = await after(SOURCE, { depth: 2, layer: 'wide' }, fromSource);
  const line = "model.add(tf.layers.dense({name: 'wide', units: 16, activation: 'relu'}));\n";
  assert.equal(deep, SOURCE.replace(line, line + line.replace("'wide'", "'wide_2'")));
});

test('what cannot be written safely is refused in one line', async () => {
  const loop = `${TF}const model = tf.sequential();
for (let i = 0; i < 3; i++) model.add(tf.layers.dense({units: 8, activation: 'relu', inputShape: [8]}));
model.add(tf.layers.dense({units: 3}));
`;
  assert.match(await reason(loop, { depth: 2 }, fromSource), /makes 3 layers/);
  const { layers } = await specOf(loop, fromSource);
  assert.match(
    await reason(loop, { width: 2, layer: layers[1]?.id ?? '' }, fromSource),
    /too: change all layers/,
  );
  const computed = `${TF}const n = Number('16');
const model = tf.sequential();
model.add(tf.layers.dense({units: n / 2, activation: 'relu', inputShape: [8]}));
model.add(tf.layers.dense({units: 3}));
`;
  assert.match(await reason(computed, { width: 2 }, fromSource), /units is computed/);
  const rectified = kerasSequential([
    kerasDense('a', 16, { activation: 'linear' }),
    { class_name: 'ReLU', config: { name: 'r' } },
    HEAD,
  ]);
  assert.match(await reason(rectified, { activation: 'tanh' }, fromJson), /ReLU layer: its class is/);
  const model = (first: string) => `${TF}const units = 16;
const model = tf.sequential();
model.add(tf.layers.dense({units: ${first}, activation: 'relu', inputShape: [8]}));
model.add(tf.layers.dense({units: 3}));
if (model.layers[0].units !== 16) model.add(tf.layers.dense({units: 7}));
`;
  assert.match(
    await reason(model('16'), { width: 2 }, fromSource),
    /depend on this|could not be read|does not/,
  );
});
