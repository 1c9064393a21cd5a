import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSource } from '../../src/readers/source/readSource.ts';
import { projectFiles } from '../support/projectFiles.ts';

const TF = "import * as tf from '@tensorflow/tfjs';\n";

async function read(classes: string, body: string) {
  const path = '/project/model.js';
  const text = `${TF}${classes}\nexport function build() { ${body} }\nbuild();\n`;
  const { models, problems } = await readSource(path, text, projectFiles({ [path]: text }), {});
  assert.deepEqual(problems, []);
  const model = models.at(-1);
  assert.ok(model);
  return { model, text };
}

type Model = Awaited<ReturnType<typeof read>>['model'];
const kinds = (model: Model): string[] => model.layers.map(({ kind }) => kind);
const shapes = (model: Model): string[] =>
  model.nodes.map(({ outputs }) => outputs.map((shape) => shape.slice(1).join('×')).join());

const functional = (made: string, shape = '5'): string =>
  `const i = tf.input({shape: [${shape}]}); return tf.model({inputs: i, outputs: tf.layers.dense({units: 1}).apply(${made}.apply(i))});`;

describe("a source's own layers", () => {
  it('are followed into the operations that their call does', async () => {
    const { model, text } = await read(
      `class Both extends tf.layers.Layer {
        computeOutputShape(s) { return [s[0], 2 * s[1]]; }
        call(inputs, kwargs) {
          const x = Array.isArray(inputs) ? inputs[0] : inputs;
          this.invokeCallHook(inputs, kwargs);
          return tf.tidy(() => { const c = tf.sub(x, x.mean(1).expandDims(1)); return tf.concat([c.relu(), c.neg().relu()], 1); });
        }
        static get className() { return 'Both'; }
      }`,
      functional('new Both({})'),
    );
    assert.deepEqual(kinds(model), [
      'input',
      'operation',
      'operation',
      'merge',
      'activation',
      'operation',
      'activation',
      'concatenate',
      'dense',
    ]);
    assert.deepEqual(shapes(model), ['5', '', '1', '5', '5', '5', '5', '10', '1']);
    const [origin] = model.layers[1]?.origins ?? [];
    assert.equal(text.slice(origin?.range.start, origin?.range.end), 'new Both({})');
  });

  it('take a product with a weight of theirs for a dense layer, drawn as they say', async () => {
    const { model } = await read(
      `class Own extends tf.layers.Layer {
        constructor(config) { super(config); this.units = config.units; }
        build(s) { this.k = this.addWeight('k', [s[1], this.units], 'float32', tf.initializers.heUniform({seed: 3})); this.b = this.addWeight('b', [this.units], 'float32', tf.initializers.zeros()); }
        call(x) { return tf.add(tf.matMul(x[0], this.k.read()), this.b.read()).tanh(); }
        computeOutputShape(s) { return [s[0], this.units]; }
        static get className() { return 'Own'; }
      }`,
      functional('new Own({units: 3})'),
    );
    assert.deepEqual(kinds(model), ['input', 'dense', 'activation', 'dense']);
    const [kernel, bias] = model.layers[1]?.weights ?? [];
    assert.deepEqual(
      [kernel?.initializer.id, kernel?.initializer.seed, kernel?.shape],
      ['heUniform', 3, [5, 3]],
    );
    assert.deepEqual([bias?.initializer.id, bias?.shape], ['zeros', [3]]);
    assert.equal(model.parameters.total, 5 * 3 + 3 + 4);
  });

  it('show the layers they are made of, in a Sequential too, with their own places', async () => {
    const { model, text } = await read(
      `class Block extends tf.layers.Layer {
        constructor() { super({}); this.dense = tf.layers.dense({units: 4, activation: 'relu'}); this.norm = tf.layers.layerNormalization(); }
        call(x) { return this.norm.apply(this.dense.apply(x[0]).add(x[0])); }
        static get className() { return 'Block'; }
      }`,
      'const m = tf.sequential(); m.add(tf.layers.dense({units: 4, inputShape: [3]})); m.add(new Block()); m.add(new Block()); m.add(tf.layers.dense({units: 1})); return m;',
    );
    assert.deepEqual(kinds(model), [
      'input',
      'dense',
      'dense',
      'merge',
      'layerNorm',
      'dense',
      'merge',
      'layerNorm',
      'dense',
    ]);
    const range = model.layers[2]?.origins[0]?.range;
    assert.equal(text.slice(range?.start, range?.end), "tf.layers.dense({units: 4, activation: 'relu'})");
  });

  for (const [why, call] of Object.entries({
    'an operation that is not known': 'return tf.linalg.qr(x[0])[0];',
    'random numbers': 'return x[0].add(tf.randomNormal([1, 5]));',
    data: 'return x[0].mul(tf.tensor1d([1, 2, 3, 4, 5]));',
    'a branch on what is not known': 'if (somewhere.flag) return x[0]; return tf.relu(x[0]);',
    'a shape other than the stated one': 'return tf.concat([x[0], x[0]], 1);',
    'an endless loop': 'for (;;) x = [x[0].relu()];',
    'an error': "throw new Error('no');",
    'no tensor': 'return 3;',
  })) {
    it(`keep the shape they say and nothing else where their call meets ${why}`, async () => {
      const { model } = await read(
        `class Odd extends tf.layers.Layer { computeOutputShape(s) { return [s[0], 5]; } call(x) { ${call} } static get className() { return 'Odd'; } }`,
        functional('new Odd({})'),
      );
      assert.deepEqual(kinds(model), ['input', 'opaque', 'dense']);
      assert.deepEqual(shapes(model), ['5', '5', '1']);
    });
  }
});
