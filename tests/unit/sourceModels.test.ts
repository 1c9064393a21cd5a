import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadOptions, ReadResult } from '../../src/model/reader.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { projectFiles } from '../support/projectFiles.ts';

const PATH = '/project/model.js';

function read(
  text: string,
  options: ReadOptions = {},
  others: Readonly<Record<string, string>> = {},
  path = PATH,
): Promise<ReadResult> {
  return readSource(path, text, projectFiles({ ...others, [path]: text }), options);
}

async function one(
  text: string,
  options: ReadOptions = {},
  others: Readonly<Record<string, string>> = {},
  path = PATH,
) {
  const result = await read(text, options, others, path);
  assert.deepEqual(result.questions ?? [], []);
  const [model] = result.models;
  assert.ok(model, JSON.stringify(result.problems));
  return model;
}

const weighted = (model: Awaited<ReturnType<typeof one>>): string[] =>
  model.layers
    .filter((layer) => layer.weights.length > 0)
    .map((layer) => `${layer.className} ${layer.weights.map((weight) => weight.shape.join('×')).join(' ')}`);

const TF = "import * as tf from '@tensorflow/tfjs';\n";

describe('sources: where models are built', () => {
  it('reads a literal Sequential at the top level, with its loss and its places', async () => {
    const text = `${TF}const net = tf.sequential();\nnet.add(tf.layers.dense({units: 8, inputShape: [4], activation: 'relu', kernelInitializer: 'heNormal'}));\nnet.add(tf.layers.dense({units: 1}));\nnet.compile({loss: 'meanSquaredError', optimizer: 'sgd'});\n`;
    const model = await one(text);
    assert.equal(model.id, 'net');
    assert.equal(model.semantics.value, 'tfjs');
    assert.deepEqual(weighted(model), ['Dense 4×8 8', 'Dense 8×1 1']);
    assert.equal(model.outputs[0]?.loss.id, 'mean_squared_error');
    assert.equal(model.outputs[0]?.loss.from, 'file');
    const layer = model.layers.find((entry) => entry.name === 'dense_Dense1');
    const at = (kind: string): string | undefined => {
      const origin = layer?.origins.find((entry) => entry.kind === kind);
      return origin && text.slice(origin.range.start, origin.range.end);
    };
    assert.match(at('layer') ?? '', /^tf\.layers\.dense\(\{units: 8.*\}\)$/);
    assert.equal(at('initializer'), "'heNormal'");
    assert.equal(at('activation'), "'relu'");
    assert.equal(layer?.weights[0]?.initializer.id, 'heNormal');
    assert.equal(text.slice(model.origin.range.start, model.origin.range.end), 'tf.sequential()');
  });

  it('reads layers given to sequential, CommonJS and a destructured namespace', async () => {
    const model = await one(
      "const {sequential, layers} = require('@tensorflow/tfjs-node');\nmodule.exports = () => sequential({layers: [layers.dense({units: 3, inputShape: 5}), layers.dense({units: 2})]});",
    );
    assert.deepEqual(weighted(model), ['Dense 5×3 3', 'Dense 3×2 2']);
  });

  it('takes tf as a parameter, and the global tf of a page', async () => {
    assert.deepEqual(
      weighted(
        await one(
          'export function build(tf, width = 6) { const m = tf.sequential(); m.add(tf.layers.dense({units: 2, inputShape: [width]})); return m; }',
        ),
      ),
      ['Dense 6×2 2'],
    );
    const page =
      '<html><script src="https://cdn/tf.min.js"></script>\n<input id="units" value="7">\n<script>\nconst units = +document.getElementById("units").value;\nconst m = tf.sequential(); m.add(tf.layers.dense({units, inputShape: [3]}));\n</script></html>';
    const model = await one(page, {}, {}, '/project/index.html');
    assert.deepEqual(weighted(model), ['Dense 3×7 7']);
    const range = model.layers.find((layer) => layer.className === 'Dense')?.origins[0]?.range;
    assert.equal(page.slice(range?.start, range?.end), 'tf.layers.dense({units, inputShape: [3]})');
  });

  it('blanks TypeScript: types, casts, enums, parameter properties, overloads, generics', async () => {
    const text = `${TF}import type { Foo } from './nothing';
enum Size { Small = 4, Large }
interface Options<T = number> { units: T; rate?: number }
abstract class Base { abstract build(): tf.Sequential; protected constructor(readonly units: number, private width = Size.Large) {} get input(): number { return this.width; } }
class Net extends Base { constructor(o: Options) { super(o.units!); } build(): tf.Sequential { const m = tf.sequential() as tf.Sequential; m.add(tf.layers.dense({ units: this.units, inputShape: [this.input] as number[] })); return m satisfies tf.Sequential; } }
function twice(x: number): number; function twice<T>(x: T): T; function twice(x: any) { return x * 2; }
export const made = new Net({ units: twice<number>(3) } as Options).build();
`;
    assert.deepEqual(weighted(await one(text, {}, {}, '/project/net.ts')), ['Dense 5×6 6']);
  });

  it('reads TSX components without running them', async () => {
    const text = `${TF}export default function App({ size = 3 }: { size?: number }) { const m = tf.sequential(); m.add(tf.layers.dense({ units: size, inputShape: [2] })); return <div onClick={() => m.summary()}>{size}</div>; }`;
    assert.deepEqual(weighted(await one(text, {}, {}, '/project/app.tsx')), ['Dense 2×3 3']);
  });

  it('gives loops one place and helpers the call too', async () => {
    const text = `${TF}function block(x, units) { return tf.layers.dense({units, activation: 'relu'}).apply(x); }
const input = tf.input({shape: [4]});
let x = input;
for (const units of [8, 8]) x = block(x, units);
export const model = tf.model({inputs: input, outputs: tf.layers.dense({units: 2}).apply(x)});`;
    const model = await one(text);
    const dense = model.layers.filter((layer) => layer.className === 'Dense');
    assert.deepEqual(
      dense.map((layer) => layer.origins.map((origin) => origin.kind)),
      [['layer', 'call', 'activation'], ['layer', 'call', 'activation'], ['layer']],
    );
    assert.deepEqual(dense[0]?.origins[0], dense[1]?.origins[0]);
    const call = dense[0]?.origins[1]?.range;
    assert.equal(text.slice(call?.start, call?.end), 'block(x, units)');
  });

  it('reads functional graphs: merges, shared layers, nested models, states, several outputs', async () => {
    const text = `${TF}function make() {
  const a = tf.input({shape: [5, 3]}); const b = tf.input({shape: [5, 3]});
  const [seq, h, c] = tf.layers.lstm({units: 4, returnState: true, returnSequences: true}).apply(a);
  const decoded = tf.layers.lstm({units: 4}).apply(b, {initialState: [h, c]});
  const head = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [4]})]});
  return tf.model({inputs: [a, b], outputs: [head.apply(decoded), head.apply(h)], name: 'both'});
}
make();`;
    const result = await read(text);
    assert.deepEqual(
      result.models.map((model) => model.id),
      ['make.head', 'both'],
    );
    const both = result.models[1];
    assert.equal(both?.outputs.length, 2);
    assert.deepEqual(both?.nodes.filter((node) => node.layer.endsWith('dense_Dense1')).length, 2);
    assert.equal(both?.parameters.total, 2 * (3 * 16 + 4 * 16 + 16) + 4 * 2 + 2);
  });

  it('reads shapes of tensors where the program asks for them', async () => {
    const text = `${TF}const base = tf.sequential({layers: [tf.layers.conv2d({filters: 4, kernelSize: 3, inputShape: [8, 8, 1]}), tf.layers.flatten()]});
const wide = base.outputs[0].shape[1];
export const head = tf.sequential({layers: [tf.layers.dense({units: wide / 2, inputShape: base.outputShape.slice(1)})]});`;
    const result = await read(text);
    assert.deepEqual(weighted(result.models[1] as never), ['Dense 144×72 72']);
  });

  it('keeps a custom layer as a part that is not known, and its neighbours', async () => {
    const text = `${TF}class Twice extends tf.layers.Layer { computeOutputShape(s) { return [s[0], 2 * s[1]]; } call(x) { return x; } static get className() { return 'Twice'; } }
const m = tf.sequential(); m.add(tf.layers.dense({units: 3, inputShape: [2]})); m.add(new Twice({})); export default m;`;
    const model = await one(text);
    assert.deepEqual(weighted(model), ['Dense 2×3 3']);
    assert.ok(model.layers.some((layer) => layer.className === 'Twice' && layer.opaque !== undefined));
  });
});

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
