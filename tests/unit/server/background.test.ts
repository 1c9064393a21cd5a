import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFiles } from '../../../src/node/files.ts';
import { fakeModel, startEditor, until } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'initscope-background-'));

function fileOf(name: string): { readonly uri: string; readonly text: string } {
  const path = join(folder, name);
  // What a scan looks for in a file's first characters.
  const text = fakeModel({ first: 'bad' }).replace('{', '{"class_name": "Sequential",');
  writeFileSync(path, text);
  return { uri: pathToFileURL(path).href, text };
}

test('a scan publishes what it found in a document that nobody looks at, until somebody does', async () => {
  const { uri, text } = fileOf('alive.json');
  const editor = await startEditor({ run: 'manual' }, { files: nodeFiles });
  editor.open(uri, text);
  await editor.reached(uri, 'predicted');
  const scan = (shown: readonly string[]): Promise<unknown> =>
    editor.connection.sendRequest('initscope/inspectWorkspace', { uris: [uri], shown });
  await scan([uri]);
  assert.equal(editor.pushed.get(uri), undefined, 'the editor pulls what it shows');
  await scan([]);
  await until(() => editor.pushed.get(uri)?.length === 1);
  assert.equal((await editor.pull(uri)).items?.length, 1);
  await until(() => editor.pushed.get(uri)?.length === 0);
  editor.dispose();
});

test('what a scan published stays when the editor gives the document up', async () => {
  const { uri, text } = fileOf('given up.json');
  const editor = await startEditor({ run: 'manual' }, { files: nodeFiles });
  editor.open(uri, text);
  await editor.reached(uri, 'predicted');
  await editor.connection.sendRequest('initscope/inspectWorkspace', { uris: [uri], shown: [] });
  await until(() => editor.pushed.get(uri)?.length === 1);
  editor.close(uri);
  await editor.reached(uri, 'verdict');
  assert.equal(editor.pushed.get(uri)?.length, 1);
  editor.open(uri, text);
  await until(() => editor.pushed.get(uri)?.length === 0);
  editor.dispose();
});

test('a file is being read, since when, before it is predicted', async () => {
  const uri = 'file:///work/read.json';
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'predicted');
  const states = editor.statuses.map(({ state }) => state);
  assert.ok(states.indexOf('reading') >= 0 && states.indexOf('reading') < states.indexOf('predicted'));
  assert.ok(editor.statuses.find(({ state }) => state === 'reading')?.since !== undefined);
  editor.dispose();
});
