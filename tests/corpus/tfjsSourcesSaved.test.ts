import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { initializerLaw } from '../../src/model/initializers/catalogue.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { readModels } from '../../src/readers/formats.ts';

/*
 * Sources whose network somebody saved too: what is read from both must agree. The files lie in INITSCOPE_SOURCES as for
 * tfjsSourcesTable.ts; a pair that is not there is skipped.
 */
const folder = process.env['INITSCOPE_SOURCES'] ?? '/tmp/sources';

interface Pair {
  readonly repo: string;
  readonly source: string;
  readonly saved: string;
  readonly params?: Readonly<Record<string, string>>;
}
const PAIRS: readonly Pair[] = [
  {
    repo: 'tensorflow/tfjs-examples',
    source: 'abalone-node/model.js',
    saved: 'abalone-node/trainedModel/model.json',
    params: { inputShape: '8' },
  },
  {
    repo: 'GantMan/learn-tfjs',
    source: 'chapter10/node/node-train-houses/src/getModel.js',
    saved: 'chapter10/node/node-train-houses/model_result/sorting_hat/model.json',
  },
  {
    repo: 'GantMan/learn-tfjs',
    source: 'chapter12/node/node-train-dice/src/index.js',
    saved: 'chapter12/simple/simlpe-dice-consumer/dice-model/model.json',
  },
];

async function read(path: string, params: Pair['params'] = {}): Promise<ModelSpec> {
  const bytes = readFileSync(path);
  const { models, problems } = await readModels(
    { path, size: bytes.length, head: new Uint8Array(bytes.subarray(0, 4096)) },
    nodeFiles,
    { params },
  );
  const [model] = models;
  assert.ok(model, JSON.stringify(problems));
  return model;
}

/** Everything that must agree: kinds, activations, weights with shapes and laws, shapes of all tensors, in order. */
function shown({ layers, nodes, parameters }: ModelSpec) {
  const own = layers.filter(({ kind }) => kind !== 'input');
  const ids = new Set(own.map(({ id }) => id));
  return {
    layers: own.map(({ className, activation, weights }) => ({
      className,
      activation: activation?.id ?? null,
      weights: weights.map((weight) => ({
        shape: weight.shape,
        // A saved Glorot initializer is spelled as the variance scaling it is: what is drawn counts.
        law: initializerLaw(weight.initializer, weight, 'tfjs'),
      })),
    })),
    shapes: nodes.filter(({ layer }) => ids.has(layer)).map(({ outputs }) => outputs),
    parameters,
  };
}

describe('a network read from its source and from its saved model', () => {
  for (const { repo, source, saved, params } of PAIRS) {
    const paths = [source, saved].map((path) => join(folder, repo, path));
    const skip = !paths.every((path) => existsSync(path));
    it(`is the same: ${repo} ${source}`, { skip }, async () => {
      const [fromSource, fromSaved] = await Promise.all([read(paths[0] ?? '', params), read(paths[1] ?? '')]);
      assert.deepEqual(shown(fromSource), shown(fromSaved));
    });
  }
});
