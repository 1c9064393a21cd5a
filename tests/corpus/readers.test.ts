import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ReadOptions } from '../../src/model/reader.ts';
import { nodeFiles } from '../../src/node/files.ts';
import type { Report } from '../../src/model/report.ts';
import { readModels } from '../../src/readers/formats.ts';
import { cli } from '../support/cli.ts';
import { root } from '../support/root.ts';
import { MODELS, SKIPPED } from './corpusFiles.ts';

const corpus = process.env.INITSCOPE_CORPUS ?? join(root, '..', 'shared', 'corpus');

async function read(file: string, options: ReadOptions = {}) {
  const path = join(corpus, file);
  const size = await nodeFiles.size(path);
  return readModels({ path, size, head: await nodeFiles.read(path, 0, 4096) }, nodeFiles, options);
}

const skip = existsSync(corpus) || process.env.CI === 'true' ? false : `no corpus at ${corpus}`;

for (const { file, format, semantics, layers, parameters, taps } of MODELS) {
  test(file, { skip }, async () => {
    const { models, problems } = await read(file);
    assert.deepEqual(problems, []);
    const [spec] = models;
    assert.ok(spec);
    assert.equal(spec.taps?.length, taps);
    assert.equal(spec.problems.length, taps === undefined ? 0 : 1);
    assert.deepEqual(
      [spec.format, spec.semantics.value, spec.layers.length, spec.parameters.total],
      [format, semantics, layers, parameters],
    );
    if (format !== 'keras-json')
      assert.ok(
        spec.layers.every((layer) => layer.weights.every(({ saved }) => saved !== undefined)),
        'every weight is found in the file',
      );
  });
}

for (const [file, reason] of SKIPPED) {
  test(`${file} is skipped`, { skip }, async () => {
    const { models, problems, skipped } = await read(file);
    assert.deepEqual([models, problems], [[], []]);
    assert.match(skipped ?? '', reason);
  });
}

test("the GRU of TF.js has Keras 2's second bias when read as Keras 2", { skip }, async () => {
  const file =
    'tfjs-json/tensorflow-tfjs__e2e_integration_tests_load_predict_data_layers_model_model/model.json';
  assert.equal((await read(file, { semantics: 'keras2' })).models[0]?.parameters.total, 2312);
});

const findingsOf = async (files: readonly string[], args: readonly string[]) => {
  const paths = files.map((file) => join(corpus, file));
  const { out, err, code } = await cli([
    'inspect',
    ...paths,
    '--json',
    '--quiet',
    '--no-cache',
    '--fail-on',
    'warning',
    ...args,
  ]);
  assert.equal(code, 0, err);
  const { reports } = JSON.parse(out) as { reports: Report[] };
  return reports.map(({ findings }) =>
    findings.map(({ rule, severity, layer }) => `${rule} ${severity} ${layer}`),
  );
};

test('measured findings of the corpus; none is a warning', { skip }, async () => {
  const measured = MODELS.filter(({ predicted }) => predicted === undefined);
  assert.deepEqual(
    await findingsOf(
      measured.map(({ file }) => file),
      [],
    ),
    measured.map(({ findings }) => findings),
  );
});

test('predicted findings of the files that take minutes to measure', { skip }, async () => {
  const large = MODELS.filter(({ predicted }) => predicted !== undefined);
  assert.deepEqual(
    await findingsOf(
      large.map(({ file }) => file),
      ['--predict-only'],
    ),
    large.map(({ predicted }) => predicted),
  );
});

test(
  'the whole folder: one line for each file that is skipped, silence for shards, no error',
  { skip },
  async () => {
    const { out, err, code } = await cli(['inspect', corpus, '--json', '--quiet', '--predict-only']);
    assert.deepEqual([err, code], ['', 0]);
    const set = JSON.parse(out) as { reports: Report[]; skipped: { file: string }[]; errors: unknown[] };
    const inCorpus = (file: string): string => file.slice(file.search(/(keras-files|tfjs-json)\//));
    assert.deepEqual(set.errors, []);
    assert.deepEqual(
      set.reports.map(({ file }) => inCorpus(file)).sort(),
      MODELS.map(({ file }) => file).sort(),
    );
    assert.deepEqual(
      set.skipped.map(({ file }) => inCorpus(file)).sort(),
      SKIPPED.map(([file]) => file).sort(),
    );
  },
);
