import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { unzipSync, zipSync } from 'fflate';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { HEALTHY, kerasDense, kerasSequential, ZEROS } from '../support/kerasJson.ts';
import { inRepo } from '../support/root.ts';

const files = {
  'good.json': HEALTHY,
  'zeros.json': ZEROS,
  'broken.json': '{"class_name": "Sequential", "config"',
};

const cases: readonly (readonly [string, readonly string[], number])[] = [
  ['nothing found', ['inspect', 'good.json'], 0],
  ['an error', ['inspect', 'zeros.json'], 1],
  ['an error that is not to fail', ['inspect', 'zeros.json', '--fail-on', 'never'], 0],
  ['a file that cannot be read outweighs findings', ['inspect', 'zeros.json', 'broken.json'], 2],
  ['a missing file', ['inspect', 'nope.json', 'good.json'], 2],
  ['an unknown option', ['inspect', 'good.json', '--jsom'], 2],
  ['no file', ['inspect'], 2],
  ['an unknown command', ['inspekt', 'good'], 2],
  ['a model that is not there', ['inspect', 'good.json', '--model', 'other'], 2],
  [
    'a broken file in a folder is no named file',
    ['inspect', '.', '--ignore', 'symmetric-units', '--fail-on', 'error'],
    0,
  ],
  ['help', ['--help'], 0],
  ['no arguments', [], 2],
  ['version', ['--version'], 0],
  ['rules', ['rules'], 0],
  ['an explained rule', ['explain', 'dead-relu'], 0],
  ['an unknown rule', ['explain', 'dead-rleu'], 2],
  ['a file without the command', ['good.json', '--quiet'], 0],
  ['a comparison', ['compare', 'good.json', '--csv'], 0],
  ['a comparison of a broken file', ['compare', 'broken.json'], 2],
  ['a probe', ['probe', 'good.json', '--steps', '20', '--seeds', '2', '--json'], 0],
  ['a probe from an unknown start', ['probe', 'good.json', '--with', 'magic'], 2],
  ['predict only', ['inspect', 'good.json', '--predict-only'], 0],
];

test('exit codes', async (t) => {
  await inFolder(files, async (folder) => {
    for (const [name, args, code] of cases)
      await t.test(`${code}: ${name}`, async () => {
        const run = await cli(args, { cwd: folder });
        assert.equal(run.code, code, run.out + run.err);
        assert.doesNotMatch(run.out + run.err, /\n\s+at .*:\d+:\d+/, 'a stack trace');
      });
  });
});

test('the other files of a call are still inspected', async () => {
  await inFolder(files, async (folder) => {
    const { out, err } = await cli(['inspect', 'broken.json', 'good.json', '--quiet'], { cwd: folder });
    assert.match(err, /^broken\.json:1:\d+: error: /m);
    assert.match(out, /^good\.json {2}model · /m);
  });
});

test('a fix shows its diff with 1, writes with 0, and leaves nothing to do', async () => {
  await inFolder(files, async (folder) => {
    const path = join(folder, 'zeros.json');
    const shown = await cli(['fix', 'zeros.json', '--diff'], { cwd: folder });
    assert.equal(shown.code, 1, shown.err);
    assert.equal(readFileSync(path, 'utf8'), ZEROS);
    const patched = spawnSync('patch', ['-p1', '-o', '-', 'zeros.json'], { cwd: folder, input: shown.out });
    assert.equal((await cli(['fix', 'zeros.json', '--write'], { cwd: folder })).code, 0);
    if (patched.error === undefined) assert.equal(patched.stdout.toString(), readFileSync(path, 'utf8'));
    assert.match(readFileSync(path, 'utf8'), /"class_name": "HeNormal"/);
    const again = await cli(['fix', 'zeros.json', '--diff'], { cwd: folder });
    assert.equal(again.code, 0, again.out);
    assert.equal(again.out, '');
    assert.equal((await cli(['inspect', 'zeros.json', '--fail-on', 'warning'], { cwd: folder })).code, 0);
  });
});

test('a fix of a .keras archive writes its config entry alone, and leaves nothing to do', async () => {
  const archive = zipSync({
    'metadata.json': new TextEncoder().encode('{"keras_version": "3.4.1"}'),
    'config.json': new TextEncoder().encode(JSON.stringify(JSON.parse(ZEROS))),
    'model.weights.h5': Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251),
  });
  await inFolder({ 'zeros.keras': archive }, async (folder) => {
    const path = join(folder, 'zeros.keras');
    const shown = await cli(['fix', 'zeros.keras', '--diff'], { cwd: folder });
    assert.equal(shown.code, 1, shown.err);
    assert.match(shown.out, /^\+.*HeNormal/m);
    assert.deepEqual(new Uint8Array(readFileSync(path)), archive);
    assert.equal((await cli(['fix', 'zeros.keras', '--write'], { cwd: folder })).code, 0);
    const [before, after] = [unzipSync(archive), unzipSync(readFileSync(path))];
    assert.deepEqual(Object.keys(after), Object.keys(before));
    assert.deepEqual(after['metadata.json'], before['metadata.json']);
    assert.deepEqual(after['model.weights.h5'], before['model.weights.h5']);
    assert.match(new TextDecoder().decode(after['config.json']), /HeNormal/);
    const written = readFileSync(path);
    const again = await cli(['fix', 'zeros.keras', '--write'], { cwd: folder });
    assert.equal(again.code, 0, again.err);
    assert.match(again.err, /nothing to fix/);
    assert.deepEqual(readFileSync(path), written);
  });
});

test('a read-only file is not written', async () => {
  await inFolder(files, async (folder) => {
    chmodSync(join(folder, 'zeros.json'), 0o444);
    const run = await cli(['fix', 'zeros.json', '--write'], { cwd: folder });
    assert.equal(run.code, 2);
    assert.match(run.err, /zeros\.json: error: the file is read-only; nothing was written/);
    assert.equal(readFileSync(join(folder, 'zeros.json'), 'utf8'), ZEROS);
  });
});

test('a baseline silences what it knows', async () => {
  await inFolder(files, async (folder) => {
    await cli(['inspect', 'zeros.json', '--json', '--output', 'known.json'], { cwd: folder });
    assert.equal((await cli(['inspect', 'zeros.json', '--baseline', 'known.json'], { cwd: folder })).code, 0);
    writeFileSync(join(folder, 'other.json'), '{}');
    const bad = await cli(['inspect', 'zeros.json', '--baseline', 'other.json'], { cwd: folder });
    assert.equal(bad.code, 2);
    assert.match(bad.err, /--baseline other\.json is not a report/);
  });
});

test('initscope.json upwards of the file holds, and a broken one is one line', async () => {
  const config = '{ "rules": { "symmetric-units": "off" } }';
  await inFolder({ 'initscope.json': config, 'sub/zeros.json': ZEROS }, async (folder) => {
    const { out } = await cli(['inspect', 'sub', '--quiet'], { cwd: folder });
    assert.doesNotMatch(out, /symmetric-units/);
    writeFileSync(join(folder, 'initscope.json'), '{\n  "rules": { "symmetric-unit": "off" }\n}');
    const bad = await cli(['inspect', 'sub'], { cwd: folder });
    assert.equal(bad.code, 2);
    assert.match(
      bad.err,
      /initscope\.json:2:14: error: rules\.symmetric-unit is not valid; found "symmetric-unit"/,
    );
  });
});

test(
  'SIGINT ends a measurement with 130',
  { skip: process.platform === 'win32' && 'no SIGINT' },
  async () => {
    const wide = kerasSequential(
      Array.from({ length: 12 }, (_, index) => kerasDense(`d${index}`, 1500)),
      [1500],
    );
    await inFolder({ 'good.json': HEALTHY, 'wide.json': wide }, async (folder) => {
      const run = await cli(['inspect', 'good.json', 'wide.json', '--quiet', '--no-cache'], {
        cwd: folder,
        interruptAt: /good\.json/,
      });
      assert.equal(run.code, 130, run.out + run.err);
    });
  },
);

test('a closed pipe is quiet', { skip: process.platform === 'win32' && 'no head' }, () => {
  const command = `"${process.execPath}" "${inRepo('dist/cli.cjs')}" rules --json | head -c 10`;
  const { stderr, status } = spawnSync('bash', ['-o', 'pipefail', '-c', command]);
  assert.equal(stderr.toString(), '');
  assert.equal(status, 0);
});
