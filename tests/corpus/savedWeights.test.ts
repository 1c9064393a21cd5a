import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import type { Report } from '../../src/model/report.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { readSavedWeights } from '../../src/node/savedWeights.ts';
import { readModels } from '../../src/readers/formats.ts';
import { cli } from '../support/cli.ts';
import { inFolder, scratchFolder } from '../support/folder.ts';
import { kerasDense, kerasSequential } from '../support/kerasJson.ts';
import { root } from '../support/root.ts';

const corpus = process.env.INITSCOPE_CORPUS ?? join(root, '..', 'shared', 'corpus');
const skip = existsSync(corpus) || process.env.CI === 'true' ? false : `no corpus at ${corpus}`;
const NET = kerasSequential([kerasDense('first', 3), kerasDense('second', 2)], [4]);
const VALUES = { kernel: Array.from({ length: 12 }, (_, i) => i / 4 - 1), bias: [0.5, -0.5, 1] };

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization: { readonly scale: number; readonly min: number };
}

async function read(path: string): Promise<ModelSpec> {
  const file = { path, size: await nodeFiles.size(path), head: await nodeFiles.read(path, 0, 4096) };
  const { models, problems } = await readModels(file, nodeFiles, { savedWeights: true });
  const [spec] = models;
  assert.ok(spec, JSON.stringify(problems));
  return spec;
}

async function valuesOf(spec: ModelSpec, layer: string, weight: string): Promise<number[]> {
  const found = spec.layers.find(({ id }) => id === layer)?.weights.find(({ name }) => name === weight);
  assert.ok(found);
  return [...((await readSavedWeights(spec))(layer, found) ?? [])];
}

/** The weights of NET as Keras 3 lays them out; `named` as since 3.8, else only by class and order. */
async function kerasWeights(named: boolean): Promise<Uint8Array> {
  const { File, ready } = await import('h5wasm/node');
  await ready;
  const path = join(scratchFolder(), 'w.h5');
  const file = new File(path, 'w');
  const layers = file.create_group('layers');
  const tables = [
    ['dense', 'first', VALUES.kernel, [4, 3], VALUES.bias],
    ['dense_1', 'second', Array<number>(6).fill(0.25), [3, 2], [0, 0]],
  ] as const;
  for (const [group, name, kernel, shape, bias] of tables) {
    const vars = layers.create_group(group).create_group('vars');
    if (named) vars.create_attribute('name', name);
    vars.create_dataset({ name: '0', data: Float32Array.from(kernel), shape: [...shape], dtype: '<f' });
    vars.create_dataset({ name: '1', data: Float32Array.from(bias), shape: [bias.length], dtype: '<f' });
  }
  file.close();
  return new Uint8Array(readFileSync(path));
}

function archive(weights: Uint8Array): Uint8Array {
  const text = (value: string) => new TextEncoder().encode(value);
  return zipSync({
    'metadata.json': text('{"keras_version": "3.8.0"}'),
    'config.json': text(NET),
    'model.weights.h5': weights,
  });
}

for (const named of [true, false])
  test(`weights inside .keras are found ${named ? 'by name' : 'by class and order'}`, async () => {
    await inFolder({ 'm.keras': archive(await kerasWeights(named)) }, async (folder) => {
      const spec = await read(join(folder, 'm.keras'));
      assert.deepEqual(await valuesOf(spec, 'first', 'kernel'), VALUES.kernel);
      assert.deepEqual(await valuesOf(spec, 'first', 'bias'), VALUES.bias);
      assert.deepEqual(await valuesOf(spec, 'second', 'kernel'), Array(6).fill(0.25));
    });
  });

test('--start saved on .keras is measured; damaged weights are one line', async () => {
  const files = { 'm.keras': archive(await kerasWeights(true)), 'bad.keras': archive(new Uint8Array(900)) };
  await inFolder(files, async (folder) => {
    const options = ['--start', 'both', '--seeds', '1', '--json', '--quiet', '--fail-on', 'never'];
    const run = await cli(['inspect', 'm.keras', ...options], { cwd: folder });
    assert.equal(run.code, 0, run.err);
    const [report] = (JSON.parse(run.out) as { reports: Report[] }).reports;
    assert.ok(report?.starts.fresh && report.starts.saved);
    assert.notEqual(report.starts.saved.loss[0]?.value, report.starts.fresh.loss[0]?.value);
    const bad = await cli(['inspect', 'bad.keras', ...options], { cwd: folder });
    assert.equal(bad.code, 2);
    assert.match(bad.out + bad.err, /HDF5 file is truncated or damaged/);
    assert.doesNotMatch(bad.out + bad.err, /initscope-[0-9a-f]{16}/, 'the name of a temporary file');
  });
});

const SAVED = [
  'keras-files/tensorspace-team-tensorspace-converter__test_keras_combined_keras_model.h5',
  'tfjs-json/tensorspace-team-tensorspace-converter__docker_example_output_model/model.json',
];
for (const file of SAVED)
  test(`--start saved on ${file}`, { skip }, async () => {
    const args = ['--start', 'saved', '--seeds', '1', '--json', '--quiet', '--fail-on', 'never'];
    const run = await cli(['inspect', join(corpus, file), ...args]);
    assert.equal(run.code, 0, run.err);
    const [report] = (JSON.parse(run.out) as { reports: Report[] }).reports;
    assert.match(
      report?.starts.saved?.summary ?? '',
      /^weights .* the size of the fresh draw's; .*training can go on from there/,
    );
  });

const manifest = (shape: readonly number[], more: object = {}) =>
  JSON.stringify({
    format: 'layers-model',
    modelTopology: { ...(JSON.parse(NET) as object) },
    weightsManifest: [
      { paths: ['shard1of1'], weights: [{ name: 'first/kernel', shape, dtype: 'float32', ...more }] },
    ],
  });

test('quantized shards are scaled back; a longer shard is fine, a short one is named', async () => {
  const uint8 = { quantization: { dtype: 'uint8', scale: 0.25, min: -1 } };
  const files = {
    'model.json': manifest([4, 3], uint8),
    shard1of1: Uint8Array.from([...Array(12).keys(), 9, 9, 9, 9]),
  };
  await inFolder(files, async (folder) => {
    const spec = await read(join(folder, 'model.json'));
    assert.deepEqual(spec.problems, []);
    assert.deepEqual(await valuesOf(spec, 'first', 'kernel'), VALUES.kernel);
  });
  await inFolder({ ...files, shard1of1: new Uint8Array(11) }, async (folder) => {
    const [problem] = (await read(join(folder, 'model.json'))).problems;
    assert.match(problem?.message ?? '', /weight files end before "first\/kernel"/);
    assert.deepEqual([problem?.found, problem?.expected], ['11 bytes', 'at least 12 bytes']);
  });
});

/** A TF.js model of NET with these values for first/kernel, first/bias, second/kernel (second/bias is left out). */
function partial(values: readonly (readonly number[])[]): Record<string, string | Uint8Array> {
  const weights = [
    { name: 'first/kernel', shape: [4, 4] },
    { name: 'first/bias', shape: [4] },
    { name: 'second/kernel', shape: [4, 4] },
  ].map((entry) => ({ ...entry, dtype: 'float32' }));
  return {
    'model.json': JSON.stringify({
      format: 'layers-model',
      modelTopology: JSON.parse(
        kerasSequential([kerasDense('first', 4), kerasDense('second', 4)], [4]),
      ) as object,
      weightsManifest: [{ paths: ['shard'], weights }],
    }),
    shard: new Uint8Array(Float32Array.from(values.flat()).buffer),
  };
}

const ramp = Array.from({ length: 16 }, (_, i) => (i - 7.5) / 8);
const STARTS: readonly (readonly [name: string, values: readonly (readonly number[])[], summary: RegExp])[] =
  [
    ['equal kernels', [ramp, [0, 0, 0, 0], ramp], /the kernels of first and second are equal bit by bit/],
    [
      'a constant kernel',
      [ramp, [0, 0, 0, 0], Array<number>(16).fill(0.5)],
      /the kernel of second is one constant/,
    ],
    ['a zero kernel', [Array<number>(16).fill(0), [1, 1, 1, 1], ramp], /the kernel of first is all zero/],
    [
      'dead units',
      [ramp, [-90, -90, -90, 0], [...ramp].reverse()],
      /100 % of the units of second are silent on these inputs/,
    ],
  ];
for (const [name, values, summary] of STARTS)
  test(`a saved start says ${name}, blames no initializer and names what is missing`, async () => {
    await inFolder(partial(values), async (folder) => {
      const args = ['inspect', 'model.json', '--start', 'saved', '--seeds', '2', '--json', '--no-cache'];
      const { out, err, code } = await cli(args, { cwd: folder });
      assert.equal(code, 0, err);
      const [report] = (JSON.parse(out) as { reports: Report[] }).reports;
      assert.match(report?.starts.saved?.summary ?? '', summary);
      assert.deepEqual(
        report?.findings.filter(({ severity }) => severity === 'error' || severity === 'warning'),
        [],
      );
      assert.deepEqual(
        report?.problems.map(({ message, found, expected }) => ({ message, found, expected })),
        [
          {
            message: 'Saved weights of "second" are not in the file: their fresh draw stands in for them.',
            found: '1 of 2 weights',
            expected: 'bias (4)',
          },
        ],
      );
    });
  });

test('uint16 and float16 shards are scaled back', async () => {
  const uint16 = { quantization: { dtype: 'uint16', scale: 0.001, min: -1 } };
  const integers = new Uint8Array(Uint16Array.from({ length: 12 }, (_, i) => i * 5000).buffer);
  await inFolder({ 'model.json': manifest([4, 3], uint16), shard1of1: integers }, async (folder) => {
    const values = await valuesOf(await read(join(folder, 'model.json')), 'first', 'kernel');
    values.forEach((value, i) => assert.ok(Math.abs(value - (i * 5 - 1)) < 1e-5));
  });
  const float16 = { quantization: { dtype: 'float16' } };
  const halves = [0x3c00, 0xc000, 0x0000, 0x3555, 0x7bff, 0x0001, 0x8000, 0x3800, 0, 0, 0, 0];
  const bytes = new Uint8Array(Uint16Array.from(halves).buffer);
  await inFolder({ 'model.json': manifest([4, 3], float16), shard1of1: bytes }, async (folder) => {
    const values = await valuesOf(await read(join(folder, 'model.json')), 'first', 'kernel');
    assert.deepEqual(values.slice(0, 8), [1, -2, 0, 0.333251953125, 65504, 2 ** -24, 0, 0.5]);
  });
});

test(
  'the quantized weights of nsfwjs are all found and scaled back by their manifest',
  { skip },
  async () => {
    const folder = join(corpus, 'tfjs-json/infinitered-nsfwjs__models_mobilenet_v2_model');
    const spec = await read(join(folder, 'model.json'));
    const shard = readFileSync(join(folder, 'group1-shard1of1'));
    const { weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
      weightsManifest: { weights: Entry[] }[];
    };
    let at = 0;
    const expected = new Map<string, number[]>();
    for (const { name, shape, quantization } of weightsManifest.flatMap(({ weights }) => weights)) {
      const size = shape.reduce((product, each) => product * each, 1);
      const bytes = shard.subarray(at, (at += size));
      expected.set(
        name,
        [...bytes].map((byte) => Math.fround(byte * quantization.scale + quantization.min)),
      );
    }
    const values = await readSavedWeights(spec);
    let seen = 0;
    for (const layer of spec.layers)
      for (const weight of layer.weights) {
        const found = values(layer.id, weight);
        assert.deepEqual(
          [...(found ?? [])],
          expected.get(`${layer.id}/${weight.name}`),
          `${layer.id} ${weight.name}`,
        );
        seen += weight.shape.reduce((product, each) => product * each, 1);
      }
    assert.equal(seen, 2619461);
  },
);
