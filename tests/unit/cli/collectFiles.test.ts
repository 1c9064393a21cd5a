import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { collectFiles, shownPath } from '../../../src/cli/collectFiles.ts';
import { inFolder } from '../../support/folder.ts';

const tree = {
  '.gitignore': 'ignored/\n*.tmp.json\n!kept.tmp.json\n',
  '.git/config.json': '',
  'node_modules/x/model.json': '',
  'ignored/model.json': '',
  'a.json': '',
  'b.tmp.json': '',
  'kept.tmp.json': '',
  'sub/c.json': '',
  'sub/.gitignore': 'd.json',
  'sub/d.json': '',
  'sub/deep/e.keras': '',
};

const paths = async (folder: string, names: readonly string[]) =>
  (await collectFiles(folder, names)).files.map(({ path }) => path);

test('a folder honours .git, node_modules and every .gitignore', async () => {
  await inFolder(tree, async (folder) => {
    const expected = [
      '.gitignore',
      'a.json',
      'kept.tmp.json',
      'sub/.gitignore',
      'sub/c.json',
      'sub/deep/e.keras',
    ];
    assert.deepEqual(await paths(folder, ['.']), expected);
    assert.deepEqual(await paths(folder, ['sub']), ['sub/.gitignore', 'sub/c.json', 'sub/deep/e.keras']);
  });
});

test('a named file is taken even when it is ignored, and only once', async () => {
  await inFolder(tree, async (folder) => {
    const { files } = await collectFiles(folder, ['sub', 'sub/d.json', './sub/c.json']);
    assert.deepEqual(
      files.filter(({ named }) => named).map(({ path }) => path),
      ['sub/c.json', 'sub/d.json'],
    );
    assert.equal(files.length, 4);
  });
});

test('patterns are matched by us, with ** over folders', async () => {
  await inFolder(tree, async (folder) => {
    assert.deepEqual(await paths(folder, ['*.json']), ['a.json', 'kept.tmp.json']);
    assert.deepEqual(await paths(folder, ['sub/**/*.{json,keras}']), ['sub/c.json', 'sub/deep/e.keras']);
    assert.deepEqual(
      await paths(join(folder, 'sub'), ['../*.json']),
      [`${folder}/a.json`, `${folder}/kept.tmp.json`].map((path) => path.replaceAll('\\', '/')),
    );
  });
});

test('what does not exist is one problem each', async () => {
  await inFolder(tree, async (folder) => {
    const { problems, files } = await collectFiles(folder, ['nope.json', 'no*.h5']);
    assert.deepEqual(files, []);
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['there is no such file or folder', 'no file matches this pattern'],
    );
  });
});

test('a folder that links to itself ends', async () => {
  await inFolder({ 'a.json': '' }, async (folder) => {
    symlinkSync(folder, join(folder, 'loop'), 'dir');
    assert.deepEqual(await paths(folder, [folder]), ['a.json']);
  });
});

test('paths are shown relative below the working directory and absolute elsewhere', () => {
  assert.equal(shownPath('/work', '/work/a/b.json'), 'a/b.json');
  assert.equal(shownPath('/work', '/other/b.json'), '/other/b.json');
  assert.equal(shownPath('/work', '..x/b.json'), '..x/b.json');
});
