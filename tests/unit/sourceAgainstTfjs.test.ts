import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import * as core from '@tensorflow/tfjs-core';
import * as layersPackage from '@tensorflow/tfjs-layers';
import { readSource } from '../../src/readers/source/readSource.ts';
import { projectFiles } from '../support/projectFiles.ts';

const tf = { ...core, ...layersPackage };

/** Builders that TensorFlow.js itself runs too: what we read must be what it builds. */
const BUILDERS: Readonly<Record<string, string>> = {
  'a convolutional net': `const m = tf.sequential();
    m.add(tf.layers.conv2d({inputShape: [28, 28, 1], filters: 4, kernelSize: 3, activation: 'relu'}));
    m.add(tf.layers.maxPooling2d({poolSize: [2, 2]})); m.add(tf.layers.batchNormalization());
    m.add(tf.layers.depthwiseConv2d({kernelSize: 3, depthMultiplier: 2})); m.add(tf.layers.flatten());
    m.add(tf.layers.dropout({rate: 0.5})); m.add(tf.layers.dense({units: 10, activation: 'softmax'})); return m;`,
  'recurrent layers': `return tf.sequential({layers: [tf.layers.embedding({inputDim: 30, outputDim: 8, inputLength: 7}),
    tf.layers.bidirectional({layer: tf.layers.lstm({units: 4, returnSequences: true}), mergeMode: 'concat'}),
    tf.layers.gru({units: 3}), tf.layers.dense({units: 1, activation: 'sigmoid'})]});`,
  'a graph with merges and a shared layer': `const a = tf.input({shape: [6]}); const b = tf.input({shape: [6]});
    const shared = tf.layers.dense({units: 5, activation: 'tanh'});
    const sum = tf.layers.add().apply([shared.apply(a), shared.apply(b)]);
    const all = tf.layers.concatenate().apply([sum, tf.layers.dense({units: 2}).apply(a)]);
    return tf.model({inputs: [a, b], outputs: tf.layers.dense({units: 3, useBias: false}).apply(all)});`,
  'a loop and a nested model': `let x = tf.input({shape: [8, 8, 2]}); const start = x;
    for (const filters of [4, 8]) x = tf.layers.conv2d({filters, kernelSize: 3, strides: 2, padding: 'same'}).apply(x);
    const head = tf.sequential({layers: [tf.layers.globalAveragePooling2d({inputShape: x.shape.slice(1)}), tf.layers.dense({units: 4})]});
    return tf.model({inputs: start, outputs: head.apply(x)});`,
};

describe('sources against TensorFlow.js', () => {
  for (const [name, body] of Object.entries(BUILDERS)) {
    it(`reads ${name} as TensorFlow.js builds it`, async () => {
      const real = new Function('tf', body)(tf) as layersPackage.LayersModel;
      const path = '/project/model.js';
      const text = `import * as tf from '@tensorflow/tfjs';\nexport function build() {\n${body}\n}\nbuild();\n`;
      const { models, problems } = await readSource(path, text, projectFiles({ [path]: text }), {});
      const spec = models.at(-1);
      assert.ok(spec, JSON.stringify(problems));
      assert.equal(spec.parameters.total, real.countParams());
      const shapes = (real.outputs as { shape: (number | null)[] }[]).map((output) => output.shape);
      assert.deepEqual(
        spec.outputs.map((output) => [...output.shape]),
        shapes,
      );
      const own = spec.layers
        .flatMap((layer) => layer.weights.map((weight) => weight.shape.join('×')))
        .sort();
      assert.deepEqual(own, real.weights.map((weight) => weight.shape.join('×')).sort());
    });
  }
});
