import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { HEALTHY } from '../support/kerasJson.ts';
import { type BadFile, BESIDE, read, refused, skipped } from './badFiles.ts';

const says = (text: string, expected: string | RegExp): void => {
  if (typeof expected === 'string') assert.ok(text.includes(expected), `${text}\n\nexpected: ${expected}`);
  else assert.match(text, expected);
};
const contentOf = (rows: readonly BadFile[]) =>
  Object.fromEntries(rows.map(([name, content]) => [name, content]));

test('every bad file is one clear line, and every readable one is inspected beside it', async (t) => {
  const tables = { refused: await refused(), skipped: await skipped(), read: await read() };
  const all = Object.values(tables).flat();
  await inFolder({ ...contentOf(all), ...BESIDE }, async (folder) => {
    const { out, err, code } = await cli(['inspect', '--no-cache', ...all.map(([name]) => name)], {
      cwd: folder,
    });
    assert.equal(code, 2, err);
    assert.doesNotMatch(out + err, /\n\s+at .*:\d+:\d+|undefined|\[object|a fault of ours/);
    const linesOf = (text: string, name: string): string[] =>
      text.split('\n').filter((line) => line.startsWith(`${name}:`));
    for (const [name, , expected] of tables.refused)
      await t.test(`${name} is refused`, () => {
        const lines = linesOf(err, name);
        assert.equal(lines.length, 1, lines.join('\n') || err);
        assert.match(lines[0] ?? '', /: error: /);
        says(lines[0] ?? '', expected);
        assert.ok((lines[0] ?? '').length < 600);
      });
    for (const [name, , expected] of tables.skipped)
      await t.test(`${name} is skipped`, () => {
        assert.deepEqual(linesOf(err, name), []);
        const lines = linesOf(out, name);
        assert.equal(lines.length, 1, lines.join('\n') || out);
        assert.match(lines[0] ?? '', /: skipped: /);
        says(lines[0] ?? '', expected);
      });
    for (const [name, , expected] of tables.read)
      await t.test(`${name} is read`, () => {
        assert.match(out, new RegExp(`^${name.replaceAll('.', '\\.')}  model · `, 'm'));
        says(out, expected);
      });
    assert.ok(!existsSync('/tmp/initscope-evil'));
  });
});

test('what is skipped does not set the exit code, and a SavedModel folder is one line', async () => {
  const rows = await skipped();
  await inFolder({ ...contentOf(rows), ...BESIDE }, async (folder) => {
    const named = await cli(['inspect', ...rows.map(([name]) => name)], { cwd: folder });
    assert.deepEqual([named.err, named.code], ['', 0]);
    const saved = await cli(['inspect', 'saved'], { cwd: folder });
    assert.match(saved.out, /^saved\/saved_model\.pb: skipped: a TensorFlow SavedModel[^\n]*\n$/);
    assert.deepEqual([saved.err, saved.code], ['', 0]);
  });
});

test('an .h5 file of more than 2 GB is read by ranges', async () => {
  const [row] = (await read()).filter(([name]) => name === 'full.h5');
  assert.ok(row);
  await inFolder({ 'big.h5': row[1] }, async (folder) => {
    const path = join(folder, 'big.h5');
    truncateSync(path, 3 * 2 ** 30);
    const end = openSync(path, 'r+');
    writeSync(end, 'x', 3 * 2 ** 30 - 1);
    closeSync(end);
    const { out, err, code } = await cli(['inspect', 'big.h5', '--seeds', '1', '--no-cache'], {
      cwd: folder,
      env: { NODE_OPTIONS: '--max-old-space-size=200' },
    });
    assert.deepEqual([err, code], ['', 0]);
    assert.match(out, /^big\.h5 {2}model · /);
  });
});

test('trainings over the ranks of torchrun are refused in one line, before anything is read', async () => {
  for (const command of ['probe', 'scan']) {
    const { code, out, err } = await cli([command, 'net.py', '--executor', 'torchrun=2']);
    const wanted = `${command} trains, which one process does: leave --executor torchrun out, or spread it with --executor ray\n`;
    assert.deepEqual({ code, out, err: err.slice(-wanted.length) }, { code: 2, out: '', err: wanted });
  }
});

test('files of a folder that are no model are silent', async () => {
  const files = {
    'package.json': '{"name": "x"}',
    'notes.txt': 'hello',
    'data.bin': Uint8Array.from([91, 0, 255, 7]),
    'good.json': HEALTHY,
  };
  await inFolder(files, async (folder) => {
    const { out, err, code } = await cli(['inspect', '.', '--quiet'], { cwd: folder });
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.equal(out.match(/ · /g)?.length, 4);
  });
});
