import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '../../src/model/change.ts';
import { parseInitializer } from '../../src/model/initializers/catalogue.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { editSource } from '../../src/readers/source/editSource.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { projectFiles } from '../support/projectFiles.ts';

const TF = "import * as tf from '@tensorflow/tfjs';\n";

async function specOf(text: string, path: string): Promise<ModelSpec> {
  const result = await readSource(path, text, projectFiles({ [path]: text }), {});
  const [model] = result.models;
  assert.ok(model, JSON.stringify(result));
  return model;
}

const initializer = (written: unknown) => parseInitializer(written, 'tfjs');

function changeAll(
  spec: ModelSpec,
  weight: string,
  written: unknown,
  only?: (id: string) => boolean,
): Change {
  const layers = spec.layers
    .filter((layer) => layer.weights.some((entry) => entry.name === weight) && (only?.(layer.id) ?? true))
    .map((layer) => layer.id);
  return { layers, weight, initializer: initializer(written) };
}

/** The text after the edit, and proof that reading it gives the initializer that was asked for. */
async function edited(
  text: string,
  change: (spec: ModelSpec) => Change,
  path = '/project/model.js',
): Promise<string> {
  const spec = await specOf(text, path);
  const asked = change(spec);
  const result = editSource(text, spec, [asked]);
  assert.ok(result.ok, result.ok ? '' : result.refusal.reason);
  let after = text;
  for (const edit of [...(result.edits[0]?.edits ?? [])].reverse())
    after = after.slice(0, edit.range.start) + edit.text + after.slice(edit.range.end);
  const reread = await specOf(after, path);
  for (const id of asked.layers) {
    const weight = reread.layers
      .find((layer) => layer.id === id)
      ?.weights.find((entry) => entry.name === asked.weight);
    assert.equal(weight?.initializer.id, asked.initializer.id, after);
    assert.deepEqual(weight?.initializer.params, asked.initializer.params);
  }
  return after;
}

async function refusal(
  text: string,
  change: (spec: ModelSpec) => Change,
): Promise<{ place: string; reason: string }> {
  const spec = await specOf(text, '/project/model.js');
  const result = editSource(text, spec, [change(spec)]);
  assert.ok(!result.ok);
  return result.refusal;
}

const he = (spec: ModelSpec): Change => changeAll(spec, 'kernel', 'heNormal');
const model = (layer: string): string => `${TF}export const m = tf.sequential();\nm.add(${layer});\n`;

describe('fixes in sources', () => {
  it('adds a property on one line, before a trailing comma, and to a config of several lines', async () => {
    assert.ok(
      (await edited(model('tf.layers.dense({units: 2, inputShape: [3]})'), he)).includes(
        "dense({units: 2, inputShape: [3], kernelInitializer: 'heNormal'})",
      ),
    );
    assert.ok(
      (await edited(model('tf.layers.dense({units: 2, inputShape: [3], })'), he)).includes(
        "[3], kernelInitializer: 'heNormal', })",
      ),
    );
    const lines = await edited(model('tf.layers.dense({\n    units: 2,\n    inputShape: [3],\n  })'), he);
    assert.ok(lines.includes("    inputShape: [3],\n    kernelInitializer: 'heNormal',\n  })"), lines);
    const windows = await edited(model('tf.layers.dense({\r\n\tunits: 2,\r\n\tinputShape: [3]\r\n})'), he);
    assert.ok(
      windows.includes("\tinputShape: [3],\r\n\tkernelInitializer: 'heNormal'\r\n})"),
      JSON.stringify(windows),
    );
  });

  it('follows the quotes of the config and of its keys', async () => {
    const text = `${TF.replaceAll("'", '"')}export const m = tf.sequential({layers: [tf.layers.dense({"units": 2, "inputShape": [3], "activation": "relu"})]});`;
    assert.ok((await edited(text, he)).includes('"activation": "relu", "kernelInitializer": "heNormal"'));
  });

  it('replaces names, initializer calls and constants, and writes out shorthand', async () => {
    assert.ok(
      (
        await edited(model("tf.layers.dense({units: 2, kernelInitializer: 'zeros', inputShape: [3]})"), he)
      ).includes("kernelInitializer: 'heNormal', inputShape"),
    );
    assert.ok(
      (
        await edited(
          model(
            'tf.layers.dense({units: 2, kernelInitializer: tf.initializers.randomNormal({stddev: 1}), inputShape: [3]})',
          ),
          he,
        )
      ).includes("kernelInitializer: 'heNormal', inputShape"),
    );
    const shorthand = `${TF}const kernelInitializer = 'zeros';\nexport const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3], kernelInitializer})]});`;
    assert.ok((await edited(shorthand, he)).includes("[3], kernelInitializer: 'heNormal'})"));
  });

  it('writes parameters as a call under the name TensorFlow.js has in the file', async () => {
    const text =
      "const tfl = require('@tensorflow/tfjs-layers');\nexports.m = tfl.sequential({layers: [tfl.layers.dense({units: 2, inputShape: [3]})]});";
    const after = await edited(text, (spec) =>
      changeAll(spec, 'kernel', { class_name: 'RandomNormal', config: { mean: 0, stddev: 0.5 } }),
    );
    assert.match(after, /kernelInitializer: tfl\.initializers\.randomNormal\(\{.*stddev: 0\.5.*\}\)/);
  });

  it('edits a config held in a variable there, and after a spread', async () => {
    const variable = `${TF}const config = {units: 2, inputShape: [3]};\nexport const m = tf.sequential({layers: [tf.layers.dense(config)]});`;
    assert.ok(
      (await edited(variable, he)).includes(
        "config = {units: 2, inputShape: [3], kernelInitializer: 'heNormal'}",
      ),
    );
    const spread = `${TF}const base = {activation: 'relu'};\nexport const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3], ...base})]});`;
    assert.ok((await edited(spread, he)).includes("...base, kernelInitializer: 'heNormal'"));
  });

  it('sets recurrent and bias initializers and the forget bias', async () => {
    const lstm = model('tf.layers.lstm({units: 2, inputShape: [3, 1]})');
    assert.match(
      await edited(lstm, (spec) => changeAll(spec, 'recurrent_kernel', 'orthogonal')),
      /recurrentInitializer: tf\.initializers\.orthogonal\(\{gain: 1\}\)/,
    );
    const spec = await specOf(lstm, '/project/model.js');
    const forget: Change = {
      layers: [spec.layers.find((layer) => layer.className === 'LSTM')?.id ?? ''],
      weight: 'bias',
      initializer: { id: 'forgetGateOnes', params: { base: 0, forget: 1 }, seed: null, written: '' },
    };
    const result = editSource(lstm, spec, [forget]);
    assert.ok(result.ok);
    assert.equal(result.edits[0]?.edits[0]?.text, ', unitForgetBias: true');
  });

  it('makes one edit for all layers of a loop or a helper, in TypeScript and in pages', async () => {
    const loop = `${TF}export const m = tf.sequential();\nfor (let i = 0; i < 3; i++) m.add(tf.layers.dense({ units: 4, inputShape: [4] }));`;
    assert.equal((await edited(loop, he)).match(/heNormal/g)?.length, 1);
    const typed = `${TF}const block = (x: tf.SymbolicTensor, units: number): tf.SymbolicTensor => tf.layers.dense({ units } as any).apply(x) as tf.SymbolicTensor;\nconst input = tf.input({ shape: [3] });\nexport const m = tf.model({ inputs: input, outputs: block(block(input, 4), 2) });`;
    assert.ok(
      (await edited(typed, he, '/project/model.ts')).includes(
        "dense({ units, kernelInitializer: 'heNormal' } as any)",
      ),
    );
    const page =
      '<p>é</p><script>const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]})]});</script><p>tail</p>';
    assert.ok(
      (await edited(page, he, '/project/index.html')).includes(
        "[3], kernelInitializer: 'heNormal'})]});</script><p>tail</p>",
      ),
    );
  });

  it('refuses a computed value, a computed config, part of a loop and a changed text, with place and reason', async () => {
    const computed = `${TF}const pick = () => 'zeros';\nexport const m = tf.sequential({layers: [\n tf.layers.dense({units: 2, inputShape: [3], kernelInitializer: pick()})]});`;
    const first = await refusal(computed, he);
    assert.equal(first.place, '/project/model.js:4');
    assert.match(first.reason, /kernelInitializer is computed \(pick\(\)\)/);
    assert.match(
      (
        await refusal(
          `${TF}const make = () => ({units: 2, inputShape: [3]});\nexport const m = tf.sequential({layers: [tf.layers.dense(make())]});`,
          he,
        )
      ).reason,
      /config of this layer is computed/,
    );
    const loop = `${TF}export const m = tf.sequential();\nfor (let i = 0; i < 3; i++) m.add(tf.layers.dense({units: 4, inputShape: [4]}));`;
    assert.match(
      (await refusal(loop, (spec) => changeAll(spec, 'kernel', 'heNormal', (id) => id === 'dense_Dense2')))
        .reason,
      /makes "dense_Dense1" too/,
    );
    const parameter = `${TF}const f = (kernelInitializer) => tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3], kernelInitializer})]});\nexport const m = f('zeros');`;
    assert.match((await refusal(parameter, he)).reason, /is computed/);
    const spec = await specOf(loop, '/project/model.js');
    const stale = editSource(`${loop}\n`, spec, [he(spec)]);
    assert.ok(!stale.ok && /changed/.test(stale.refusal.reason));
  });

  it('edits the layer inside a wrapper', async () => {
    const text = model('tf.layers.timeDistributed({inputShape: [3, 2], layer: tf.layers.dense({units: 4})})');
    const spec = await specOf(text, '/project/model.js');
    const wrapper = spec.layers.find((layer) => layer.className === 'TimeDistributed');
    const weight = wrapper?.weights.find((entry) => entry.part === 'kernel');
    const result = editSource(text, spec, [
      { layers: [wrapper?.id ?? ''], weight: weight?.name ?? '', initializer: initializer('heNormal') },
    ]);
    assert.ok(result.ok);
    assert.equal(result.edits[0]?.edits[0]?.text, ", kernelInitializer: 'heNormal'");
    assert.equal(text.slice(0, result.edits[0]?.edits[0]?.range.start).endsWith('{units: 4'), true);
  });

  it('edits a layer of a model inside a wrapper where it is made', async () => {
    const inner = `const inner = tf.sequential({name: 'inner'});
inner.add(tf.layers.dense({units: 5, name: 'a', inputShape: [6]}));
inner.add(tf.layers.dense({units: 4, name: 'b'}));
`;
    const text = `${inner}${model("tf.layers.timeDistributed({inputShape: [3, 6], layer: inner, name: 'steps'})")}`;
    const path = '/project/model.js';
    const { models } = await readSource(path, text, projectFiles({ [path]: text }), {});
    const spec = models.find(({ layers }) => layers.some(({ id }) => id.startsWith('steps')));
    assert.ok(spec);
    assert.deepEqual(
      spec.layers
        .filter(({ className }) => className === 'Dense')
        .map(({ id, kind, weights }) => [id, kind, weights[0]?.shape]),
      [
        ['steps/a', 'timeDistributed', [6, 5]],
        ['steps/b', 'timeDistributed', [5, 4]],
      ],
    );
    const result = editSource(text, spec, [
      { layers: ['steps/b'], weight: 'layer/kernel', initializer: initializer('heNormal') },
    ]);
    assert.ok(result.ok);
    assert.equal(result.edits[0]?.edits[0]?.text, ", kernelInitializer: 'heNormal'");
    assert.equal(text.slice(0, result.edits[0]?.edits[0]?.range.start).endsWith("name: 'b'"), true);
  });
});
