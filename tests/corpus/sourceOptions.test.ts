import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';

const SOURCE = `import * as tf from '@tensorflow/tfjs';

export function deep(): tf.Sequential {
  const model = tf.sequential();
  for (let i = 0; i < 4; i++)
    model.add(tf.layers.dense({ units: 16, inputShape: i === 0 ? [12] : undefined, activation: 'relu', kernelInitializer: 'zeros' }));
  model.add(tf.layers.dense({ units: 1 }));
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

export function wide(features: number): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 24, inputShape: [features], activation: 'relu', kernelInitializer: 'heUniform' }));
  model.add(tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: 'glorotUniform' }));
  return model;
}
`;
const PAGE = `<!doctype html>
<script src="https://cdn.example.org/tfjs"></script>
<script>
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 16, inputShape: [12], activation: 'relu', kernelInitializer: 'zeros' }));
  model.add(tf.layers.dense({ units: 16, activation: 'relu', kernelInitializer: 'zeros' }));
  model.add(tf.layers.dense({ units: 1 }));
</script>
`;
const files = { 'nets.ts': SOURCE, 'page.html': PAGE };
const quick = ['--seeds', '2', '--no-cache'];

test('the models of a source are listed, with what one of them still asks', () =>
  inFolder(files, async (cwd) => {
    const { out, code } = await cli(['inspect', 'nets.ts', '--list-models'], { cwd });
    assert.match(out, /^nets\.ts:4 {2}deep {2}6 layers, 1041 parameters$/m);
    assert.match(out, /^nets\.ts:12 {2}features is not known here: --param features=\d+$/m);
    assert.equal(code, 0);
  }));

test('a model is asked for nothing that only another one needs; an answer makes the other', () =>
  inFolder(files, async (cwd) => {
    const one = await cli(['inspect', 'nets.ts', '--model', 'deep', ...quick], { cwd });
    assert.match(one.out, /^nets\.ts {2}deep · /m);
    assert.match(one.out, /^ {2}nets\.ts:6:\d+: error symmetric-units /m);
    assert.deepEqual([one.err, one.code], ['', 1]);
    const asked = await cli(['inspect', 'nets.ts', '--model', 'wide', ...quick], { cwd });
    assert.match(
      asked.err,
      /^nets\.ts:12:22: error: features \(line 12\) is not known here; .*--param features=/,
    );
    assert.equal(asked.err.trim().split('\n').length, 1, asked.err);
    assert.equal(asked.code, 2);
    const given = await cli(['inspect', 'nets.ts', '--model', 'wide', '--param', 'features=10', ...quick], {
      cwd,
    });
    assert.match(given.out, /wide · TensorFlow\.js source · 339 parameters/);
    assert.deepEqual([given.err, given.code], ['', 0]);
  }));

for (const name of Object.keys(files))
  test(`a repair of ${name} is written, and what is measured then is healthy`, () =>
    inFolder(files, async (cwd) => {
      const chosen = name === 'nets.ts' ? ['--model', 'deep'] : [];
      const shown = await cli(['fix', name, ...chosen, ...quick], { cwd });
      assert.match(shown.out, /^-.*kernelInitializer: 'zeros'.*$\n?^[-+].*/m);
      assert.equal(shown.code, 1, shown.err);
      assert.equal(readFileSync(join(cwd, name), 'utf8'), files[name as keyof typeof files]);
      const written = await cli(['fix', name, ...chosen, '--write', ...quick], { cwd });
      assert.equal(written.code, 0, written.err);
      const text = readFileSync(join(cwd, name), 'utf8');
      assert.match(text, /kernelInitializer: 'he(Uniform|Normal)'/);
      assert.doesNotMatch(text, /'zeros'/);
      const after = await cli(['inspect', name, ...chosen, ...quick], { cwd });
      assert.doesNotMatch(after.out, / (error|warning) /);
      assert.deepEqual([after.err, after.code], ['', 0]);
    }));

test('starts of a source are compared and trained', () =>
  inFolder(files, async (cwd) => {
    const compared = await cli(['compare', 'page.html', '--seeds', '2'], { cwd });
    assert.match(compared.out, /heUniform|HeUniform/);
    assert.equal(compared.code, 0, compared.err);
    const probed = await cli(
      ['probe', 'nets.ts', '--param', 'features=6', '--model', 'wide', '--steps', '20', '--seeds', '1'],
      { cwd },
    );
    assert.match(probed.out, /as in the file/);
    assert.equal(probed.code, 0, probed.err);
  }));
