import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentHash } from '../../../src/model/hash.ts';
import { isText, readTextFile, replaceTextFile } from '../../../src/node/textFile.ts';
import { inFolder } from '../../support/folder.ts';

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
  utf8: (text) => Buffer.from(text),
  'utf8 with BOM': (text) => Buffer.from(`\ufeff${text}`),
  utf16le: utf16,
  utf16be: (text) => utf16(text).swap16(),
};

for (const [name, encode] of Object.entries(encodings))
  test(`${name} keeps its bytes but for the change`, async () => {
    await inFolder({ 'a.json': encode('{"ä": 1}\r\n') }, async (folder) => {
      const path = join(folder, 'a.json');
      const before = await readTextFile(path);
      assert.equal(before.text, '{"ä": 1}\r\n');
      await replaceTextFile(path, before, before.text.replace('1', '2'));
      assert.deepEqual(readFileSync(path), encode('{"ä": 2}\r\n'));
      assert.deepEqual(readdirSync(folder), ['a.json']);
    });
  });

test('a file that changed meanwhile is not written', async () => {
  await inFolder({ 'a.json': 'old' }, async (folder) => {
    const path = join(folder, 'a.json');
    const before = await readTextFile(path);
    writeFileSync(path, 'newer');
    await assert.rejects(replaceTextFile(path, before, 'mine'), { name: 'NotWritten', message: /changed/ });
    assert.equal(readFileSync(path, 'utf8'), 'newer');
    assert.deepEqual(readdirSync(folder), ['a.json']);
  });
});

test('mode and symbolic links are kept', async () => {
  await inFolder({ 'a.json': 'old' }, async (folder) => {
    chmodSync(join(folder, 'a.json'), 0o640);
    symlinkSync('a.json', join(folder, 'link.json'));
    const link = join(folder, 'link.json');
    await replaceTextFile(link, await readTextFile(link), 'new');
    assert.equal(readFileSync(join(folder, 'a.json'), 'utf8'), 'new');
    assert.equal(statSync(join(folder, 'a.json')).mode & 0o777, 0o640);
  });
});

test('a read-only file is refused', async () => {
  await inFolder({ 'a.json': 'old' }, async (folder) => {
    const path = join(folder, 'a.json');
    chmodSync(path, 0o444);
    await assert.rejects(replaceTextFile(path, await readTextFile(path), 'new'), /read-only/);
  });
});

test('a text is known by its hash', () => {
  assert.equal(isText('a', contentHash('a')), true);
  assert.equal(isText('b', contentHash('a')), false);
});
