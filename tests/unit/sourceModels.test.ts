import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneModel as one, readText as read, TF, weighted } from '../support/sources.ts';

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

  it('keeps the places of layers that are taken out of tf.layers', async () => {
    for (const taken of ['const {dense} = tf.layers;', 'const {layers} = tf; const {dense} = layers;']) {
      const text = `${TF}${taken}\nexport const m = tf.sequential();\nm.add(dense({units: 2, inputShape: [3], kernelInitializer: 'zeros'}));`;
      const { start, end } = (await one(text)).layers.at(-1)?.origins[0]?.range ?? { start: 0, end: 0 };
      assert.match(text.slice(start, end), /^dense\(.*\)$/);
    }
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

  it('makes arrays with and without new', async () => {
    const text = `${TF}const m = tf.sequential(); Array(2).fill(4).concat(new Array(1).fill(3)).forEach((units, i) => m.add(tf.layers.dense({units, ...(i === 0 ? {inputShape: [2]} : {})})));`;
    assert.deepEqual(weighted(await one(text)), ['Dense 2×4 4', 'Dense 4×4 4', 'Dense 4×3 3']);
  });

  it('keeps a custom layer as a part that is not known, and its neighbours', async () => {
    const text = `${TF}class Twice extends tf.layers.Layer { computeOutputShape(s) { return [s[0], 2 * s[1]]; } call(x) { return x; } static get className() { return 'Twice'; } }
const m = tf.sequential(); m.add(tf.layers.dense({units: 3, inputShape: [2]})); m.add(new Twice({})); export default m;`;
    const model = await one(text);
    assert.deepEqual(weighted(model), ['Dense 2×3 3']);
    assert.ok(model.layers.some((layer) => layer.className === 'Twice' && layer.opaque !== undefined));
  });
});
