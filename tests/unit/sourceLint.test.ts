import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadOptions } from '../../src/model/reader.ts';
import { lintSource } from '../../src/readers/source/lint.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { analyse } from '../../src/readers/source/statics.ts';
import { parseSource } from '../../src/readers/source/syntax.ts';
import { leastProcessorTime } from '../support/processorTime.ts';
import { projectFiles } from '../support/projectFiles.ts';

const TF = "import * as tf from '@tensorflow/tfjs';\n";
const PATH = '/project/model.js';

function lint(text: string, path = PATH) {
  const syntax = parseSource(path, text);
  return lintSource(syntax, analyse(syntax));
}

/** Rule and the text it points at. */
const said = (text: string, path = PATH): string[] =>
  lint(text, path).map(({ rule, origin: { range } }) => `${rule} ${text.slice(range.start, range.end)}`);

const layer = (config: string, fn = 'dense'): string => `${TF}const l = tf.layers.${fn}(${config});\n`;

describe('traps that the text of a source shows', () => {
  it('are named where they stand', () => {
    assert.deepEqual(said(layer("{units: 2, kernelInitializer: 'heNormal'}")), ["framework-trap 'heNormal'"]);
    assert.deepEqual(said(layer('{units: 2, kernelInitializer: tf.initializers.leCunNormal()}')), [
      'framework-trap tf.initializers.leCunNormal()',
    ]);
    const zero = 'tf.initializers.randomUniform({minval: 0, maxval: 1})';
    assert.deepEqual(said(layer(`{units: 2, kernelInitializer: ${zero}}`)), [`framework-trap ${zero}`]);
    const seeded = 'tf.initializers.glorotUniform({seed: 0})';
    assert.deepEqual(said(layer(`{units: 2, recurrentInitializer: ${seeded}}`, 'gru')), [
      `framework-trap ${seeded}`,
    ]);
    assert.deepEqual(said(layer('{units: 4}', 'lstm')), ['lstm-forget-bias tf.layers.lstm({units: 4})']);
    assert.deepEqual(said(layer('{units: 4, unitForgetBias: false}', 'lstm')), ['lstm-forget-bias false']);
    const equal = layer('{units: 4, kernelInitializer: tf.initializers.heUniform({seed: 7})}');
    const three = [0, 1, 2]
      .map((index) => equal.replace('const l', `const l${index}`).replace(TF, ''))
      .join('');
    assert.deepEqual(said(TF + three), ['duplicate-weights tf.initializers.heUniform({seed: 7})']);
  });

  it('leave what is right, computed or unknown alone', () => {
    for (const config of [
      "{units: 2, kernelInitializer: 'heUniform'}",
      '{units: 2, kernelInitializer: pick()}',
      "{units: 2, kernelInitializer: 'mine'}",
      '{units: 2, kernelInitializer: tf.initializers.randomUniform({minval: -1, maxval: 1, seed: 3})}',
    ])
      assert.deepEqual(said(layer(config)), [], config);
    for (const config of [
      '{units: 2, unitForgetBias: true}',
      '{units: 2, unitForgetBias}',
      '{units: 2, ...rest}',
      "{units: 2, biasInitializer: 'ones'}",
      'config',
    ])
      assert.deepEqual(said(layer(config, 'lstm')), [], config);
    assert.deepEqual(said("const l = other.dense({units: 2, kernelInitializer: 'heNormal'});"), []);
  });

  it('are found in TypeScript, in pages, under any name of TensorFlow.js, and in a config that a variable holds', () => {
    assert.equal(
      said(layer("{units: 2, kernelInitializer: 'heNormal'} as any"), '/project/model.ts').length,
      1,
    );
    const page = "<p>é</p><script>tf.layers.dense({units: 2, kernelInitializer: 'heNormal'})</script>";
    assert.deepEqual(said(page, '/project/page.html'), ["framework-trap 'heNormal'"]);
    assert.equal(
      said(
        "const {layers: L} = require('@tensorflow/tfjs');\nL.dense({units: 2, kernelInitializer: 'heNormal'});",
      ).length,
      1,
    );
    assert.equal(
      said(`${TF}const config = {units: 2, kernelInitializer: 'heNormal'};\ntf.layers.dense(config);`).length,
      1,
    );
  });

  it('take less than 50 ms on a thousand layers', async () => {
    const text = TF + "m.add(tf.layers.dense({units: 2, kernelInitializer: 'heNormal'}));\n".repeat(1000);
    const syntax = parseSource(PATH, text);
    const statics = analyse(syntax);
    lintSource(syntax, statics);
    const least = await leastProcessorTime(() => assert.equal(lintSource(syntax, statics).length, 1000));
    assert.ok(least < 50, `${least} ms`);
  });
});

describe('reading a source with traps', () => {
  const text = `${TF}export const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3], kernelInitializer: 'heNormal'})]});\n`;
  const read = (source: string, options: ReadOptions = {}) =>
    readSource(PATH, source, projectFiles({ [PATH]: source }), options);

  it('shows them without evaluating where that is not allowed, with the comments that leave them out', async () => {
    const { models, findings, skipped } = await read(text, { allowEvaluation: false });
    assert.deepEqual(models, []);
    assert.deepEqual(
      findings?.map(({ rule }) => rule),
      ['framework-trap'],
    );
    assert.match(skipped ?? '', /trusted workspace/);
    const commented = text.replace('export', '// initscope-disable-next-line framework-trap\nexport');
    const { disabled } = await read(commented, { allowEvaluation: false });
    assert.deepEqual(disabled?.[0]?.rules, ['framework-trap']);
  });

  it('leaves to the model what the model says', async () => {
    const { models, findings } = await read(text);
    assert.equal(models.length, 1);
    assert.deepEqual(findings, []);
    const unreached = `${text}function never(x) { return tf.layers.dense({units: x, kernelInitializer: 'heNormal'}); }\n`;
    assert.equal((await read(unreached)).findings?.length, 1);
  });
});
