import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneModel as one, readText as read, TF, weighted } from '../support/sources.ts';

describe('sources: what the file does not say', () => {
  const asks = `${TF}export function build(vocabSize, units = 8) { const width = vocabSize * 2;\n const m = tf.sequential(); m.add(tf.layers.dense({units, inputShape: [width]})); return m; }`;

  it('asks for an unknown that passed through arithmetic, by its own name and line', async () => {
    const result = await read(asks);
    assert.deepEqual(result.models, []);
    assert.deepEqual(
      result.questions?.map((question) => [question.name, question.guess]),
      [['vocabSize', 80]],
    );
    assert.match(result.questions?.[0]?.message ?? '', /^vocabSize \(line \d+\) is not known here$/);
  });

  it('takes answers, as numbers, text and lists', async () => {
    assert.deepEqual(weighted(await one(asks, { params: { vocabSize: 5 } })), ['Dense 10×8 8']);
    assert.deepEqual(weighted(await one(asks, { params: { 'build.vocabSize': '5' } })), ['Dense 10×8 8']);
    const shape = `${TF}export const f = (inputShape) => tf.sequential({layers: [tf.layers.flatten({inputShape}), tf.layers.dense({units: 2})]});`;
    assert.deepEqual(weighted(await one(shape, { params: { inputShape: '2,3' } })), ['Dense 6×2 2']);
    assert.deepEqual(weighted(await one(shape, { inputShapes: { '': [4, 2] } })), ['Dense 8×2 2']);
  });

  it('prefers values at call sites in the file to questions', async () => {
    assert.deepEqual(weighted(await one(`${asks}\nconst used = build(3, 4);`)), ['Dense 6×4 4']);
  });

  it('takes the first of the choices a text is compared with, says so, and takes another by parameter', async () => {
    const text = `${TF}export function build(kind) { const m = tf.sequential(); if (kind === 'wide') m.add(tf.layers.dense({units: 9, inputShape: [2]})); else if (kind === 'slim') m.add(tf.layers.dense({units: 1, inputShape: [2]})); else throw new Error('no ' + kind); return m; }`;
    const model = await one(text);
    assert.deepEqual(weighted(model), ['Dense 2×9 9']);
    assert.ok(
      model.problems.some((problem) => /kind is not known here; "wide" is taken/.test(problem.message)),
    );
    assert.deepEqual(weighted(await one(text, { params: { kind: 'slim' } })), ['Dense 2×1 1']);
  });

  it('covers every builder that a choice leads to', async () => {
    const text = `${TF}const a = () => tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
const b = () => tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [2]})]});
export function build(kind) { switch (kind) { case 'a': return a(); case 'b': return b(); default: throw new Error(kind); } }`;
    assert.deepEqual(
      (await read(text)).models.map((model) => model.id),
      ['a', 'b'],
    );
  });

  it('asks for a branch and for a loop that decide what is built', async () => {
    const text = `${TF}export function build(deep, sizes) { const m = tf.sequential(); m.add(tf.layers.dense({units: 4, inputShape: [2]})); if (deep) m.add(tf.layers.dense({units: 4})); for (const units of sizes) m.add(tf.layers.dense({units})); return m; }`;
    const result = await read(text);
    assert.deepEqual(result.questions?.map((question) => question.name).sort(), [
      'deep',
      'sizes',
      'sizes[0]',
    ]);
    assert.equal((await one(text, { params: { deep: false, sizes: '3,2' } })).layers.length, 4);
  });

  it('does not ask for what the model does not depend on', async () => {
    const text = `${TF}export async function train(data, epochs, verbose) { if (verbose) console.log(data.length); const m = tf.sequential(); m.add(tf.layers.dense({units: 1, inputShape: [2]})); for (let i = 0; i < epochs; i++) await m.fit(data.x, data.y, {epochs: 1}); return m; }`;
    assert.deepEqual(weighted(await one(text)), ['Dense 2×1 1']);
  });

  it('never takes the length of data that is not there', async () => {
    const text = `${TF}const fs = require('fs'); const labels = []; const seen = new Set();
for (const line of fs.readFileSync('labels.txt').split('\\n')) { labels.push(line); seen.add(line); }
export const m = tf.sequential({layers: [tf.layers.dense({units: labels.length, inputShape: [seen.size]})]});`;
    assert.deepEqual((await read(text)).questions?.map((question) => question.name).sort(), [
      'labels.length',
      'seen.size',
    ]);
  });

  it('reads relative imports, cyclic and missing ones, and the file that calls it', async () => {
    const text = `${TF}import { WIDTH } from './sizes'; import { nothing } from './missing'; import './circle'; export const make = (units) => { nothing(); return tf.sequential({layers: [tf.layers.dense({units, inputShape: [WIDTH]})]}); };`;
    const others = {
      '/project/sizes.ts': 'export const WIDTH: number = 11;',
      '/project/circle.js': "import { make } from './model'; export const later = () => make(1);",
      '/project/train.js': "import { make } from './model';\nfunction run() { make(13); }\nrun();",
    };
    assert.deepEqual(weighted(await one(text, {}, others)), ['Dense 11×13 13']);
  });

  it('takes defaults of command line options', async () => {
    const text = `const tf = require('@tensorflow/tfjs'); const {ArgumentParser} = require('argparse');
async function main() { const p = new ArgumentParser(); p.addArgument('--units', {type: 'int', defaultValue: 12}); const args = p.parseArgs(); const m = tf.sequential(); m.add(tf.layers.dense({units: args.units, inputShape: [2]})); await m.fit(); }
if (require.main === module) main();`;
    assert.deepEqual(weighted(await one(text)), ['Dense 2×12 12']);
    assert.deepEqual(weighted(await one(text, { params: { units: 5 } })), ['Dense 2×5 5']);
  });

  it('names a model that is loaded and inspects what is put on it', async () => {
    const text = `${TF}async function f() { const base = await tf.loadLayersModel('https://example.org/model.json'); const cut = tf.model({inputs: base.inputs, outputs: base.getLayer('x').output}); const m = tf.sequential(); m.add(cut); m.add(tf.layers.dense({units: 2})); return m; }\nf();`;
    const result = await read(text);
    assert.deepEqual(
      result.questions?.map((question) => question.name),
      ['loadedModel.outputShape'],
    );
    assert.ok(result.problems.some((problem) => problem.message.includes('https://example.org/model.json')));
    assert.deepEqual(weighted(await one(text, { params: { outputShape: '6' } })), ['Dense 6×2 2']);
  });

  it('says when weights are set afterwards', async () => {
    const model = await one(
      `${TF}const m = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]}); m.setWeights([tf.zeros([1, 1]), tf.zeros([1])]);`,
    );
    assert.ok(model.problems.some((problem) => /setWeights/.test(problem.message)));
  });

  it('keeps raw initializer arguments for the rules on traps', async () => {
    const model = await one(
      `${TF}const m = tf.sequential({layers: [tf.layers.lstm({units: 2, inputShape: [3, 1], kernelInitializer: tf.initializers.randomUniform({minval: 0, maxval: 1, seed: 0})})]});`,
    );
    const kernel = model.layers
      .flatMap((layer) => layer.weights)
      .find((weight) => weight.name.endsWith('kernel'));
    assert.equal(kernel?.initializer.id, 'randomUniform');
    assert.match(kernel?.initializer.written ?? '', /RandomUniform|randomUniform/);
  });
});
