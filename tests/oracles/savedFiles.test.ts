import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelSpec } from '../../src/model/spec.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { readSavedWeights } from '../../src/node/savedWeights.ts';
import { readModels } from '../../src/readers/formats.ts';
import { inFolder } from '../support/folder.ts';
import { type Oracle, oracleLines, oraclePython } from '../support/oracles.ts';

interface Weight {
  readonly layer: string;
  readonly path: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: string;
}

/** A weight with its values in words. */
type Told = Weight & { readonly text: string };

interface Row {
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, string>>;
  readonly weights?: readonly Weight[];
}

/** What the framework itself cannot build or save here. */
const REFUSED: Readonly<Record<string, string>> = {
  'keras2: spectral norm': 'build',
  'keras2: same names at every level': 'h5',
  'keras3: same names at every level': 'h5',
  // Its generators' state holds a module, which Keras 3.15 cannot copy into the file's config.
  'keras3: random augmentation': 'h5',
};

async function read(path: string): Promise<ModelSpec> {
  const file = { path, size: await nodeFiles.size(path), head: await nodeFiles.read(path, 0, 4096) };
  const { models, problems } = await readModels(file, nodeFiles, { savedWeights: true });
  const [spec] = models;
  assert.ok(spec, JSON.stringify(problems));
  return spec;
}

function valuesOf({ data }: Weight): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(data, 'base64')).buffer);
}

/**
 * Our name of a weight and the path that Keras gives it mean the same: the last parts are equal, and so are the sides. A backward layer that
 * Keras 3 was given has no side in its name.
 */
function isSame(ours: string, path: string): boolean {
  const parts = ours.split('/');
  const theirs = path.replace(/:0$/, '').split('/');
  const sides = ['forward', 'backward', 'query', 'key', 'value'].filter((side) =>
    parts.slice(0, -1).includes(side),
  );
  const [name, other] = [parts.at(-1), theirs.at(-1)];
  return (
    (name === other || (name === 'depthwise_kernel' && other === 'kernel')) &&
    sides.every(
      (side) =>
        new RegExp(`(^|/|_)${side}(_|/)`).test(path) || (side === 'backward' && !path.includes('forward')),
    )
  );
}

/** Every weight read, as `layer · shape · Keras's path · values`; `missing`, or with our own name, where it is another one. */
async function ours(spec: ModelSpec, theirs: readonly Told[]): Promise<readonly string[]> {
  const values = await readSavedWeights(spec);
  return spec.layers.flatMap((layer) =>
    layer.weights.map((weight) => {
      const text = textOf(values(layer.id, weight));
      const same = theirs.find(
        (each) => each.layer === layer.id && each.text === text && isSame(weight.name, each.path),
      );
      return `${layer.id} · ${weight.shape.join('×')} · ${same?.path ?? weight.name} · ${text}`;
    }),
  );
}

const textOf = (values: Float32Array | undefined): string =>
  values === undefined ? 'missing' : [...values].map((value) => value.toFixed(5)).join(' ');

for (const [which, oracle] of [
  ['keras3', 'torch'],
  ['keras2', 'tf'],
] as const satisfies readonly (readonly [string, Oracle])[]) {
  const python = oraclePython(oracle);
  test(
    `${which}: saved weights of every layer kind are read as they were saved`,
    { skip: python === null },
    (context) =>
      inFolder({}, async (folder) => {
        const rows = await oracleLines<Row>(python ?? '', 'savedFiles.py', [which, folder]);
        assert.ok(rows.length > 55);
        for (const row of rows) {
          const refused = REFUSED[`${which}: ${row.name}`];
          assert.deepEqual(Object.keys(row.errors), refused === undefined ? [] : [refused], row.name);
          const theirs = (row.weights ?? []).map((each) => ({ ...each, text: textOf(valuesOf(each)) }));
          for (const path of Object.values(row.files ?? {}))
            await context.test(`${row.name} ${path.split('.').at(-1) ?? ''}`, async () => {
              const spec = await read(path);
              assert.deepEqual(
                [...(await ours(spec, theirs))].sort(),
                theirs
                  .map(
                    ({ layer, shape, path: name, text }) =>
                      `${layer} · ${shape.join('×')} · ${name} · ${text}`,
                  )
                  .sort(),
              );
            });
        }
      }),
  );
}
