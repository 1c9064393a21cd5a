import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Report } from '../../src/model/report.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { readSavedWeights } from '../../src/node/savedWeights.ts';
import { readModels } from '../../src/readers/formats.ts';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { root } from '../support/root.ts';

const corpus = process.env.INITSCOPE_CORPUS ?? join(root, '..', 'shared', 'corpus');
const skip = existsSync(corpus) || process.env.CI === 'true' ? false : `no corpus at ${corpus}`;
const SAVED = 'tfjs-json/tensorflow-tfjs-examples__abalone-node_trainedModel_model';
const SOURCE = `import * as tf from '@tensorflow/tfjs';
const base = await tf.loadLayersModel('file://./net/model.json');
export const cut = tf.sequential({layers: base.layers.slice(0, 2)});
export const whole = tf.sequential({name: 'whole', layers: [base, tf.layers.dense({units: 3, name: 'head'})]});
`;

async function read(path: string): Promise<readonly ModelSpec[]> {
  const file = { path, size: await nodeFiles.size(path), head: await nodeFiles.read(path, 0, 4096) };
  return (await readModels(file, nodeFiles, {})).models;
}

/** The saved values of every weight, by layer and weight; a layer's folder is left out. */
async function valuesOf(spec: ModelSpec | undefined): Promise<Record<string, readonly number[] | undefined>> {
  assert.ok(spec);
  const saved = await readSavedWeights(spec);
  return Object.fromEntries(
    spec.layers.flatMap(({ id, weights }) =>
      weights.map((weight) => [
        `${id.replace(/^.*\//, '')} ${weight.name}`,
        weight.saved === undefined ? undefined : [...(saved(id, weight) ?? [])],
      ]),
    ),
  );
}

test('a source that loads a model file finds its weights and is measured with them', { skip }, async () => {
  const files = ['model.json', 'weights.bin'].map((name) => [
    `net/${name}`,
    readFileSync(join(corpus, SAVED, name)),
  ]);
  const project = { ...Object.fromEntries(files), 'initscope.json': '{}', 'train.js': SOURCE };
  await inFolder(project, async (folder) => {
    const [own] = await read(join(folder, 'net', 'model.json'));
    const [cut, whole] = await read(join(folder, 'train.js'));
    const all = await valuesOf(own);
    assert.ok(Object.values(all).every((values) => values !== undefined));
    const { 'dense_Dense3 kernel': _kernel, 'dense_Dense3 bias': _bias, ...first } = all;
    assert.deepEqual(await valuesOf(cut), first);
    assert.deepEqual(await valuesOf(whole), { ...all, 'head kernel': undefined, 'head bias': undefined });
    const options = ['--model', 'whole', '--start', 'both', '--seeds', '1', '--json', '--quiet'];
    const { out } = await cli(['inspect', 'train.js', ...options, '--fail-on', 'never'], { cwd: folder });
    const [report] = (JSON.parse(out) as { reports: Report[] }).reports;
    assert.match(report?.starts.saved?.summary ?? '', /dense_Dense/);
    const said = report?.problems.map(({ message }) => message).join('\n') ?? '';
    assert.match(said, /dense_Dense1, dense_Dense2, dense_Dense3 come from .* --start saved measures it/);
    assert.match(said, /Saved weights of "head" are not in the file/);
  });
});
