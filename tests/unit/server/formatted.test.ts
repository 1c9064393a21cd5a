import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { applied, fakeModel, startEditor } from './harness.ts';

const uri = 'file:///work/model.json';

test('a line too long to be rendered is named, and the formatted document has every finding at its place', async () => {
  const editor = await startEditor();
  const inits = Object.fromEntries(
    Array.from({ length: 600 }, (_, at) => [`layer${at}`, at === 500 ? 'bad' : 'fine']),
  );
  const text = JSON.stringify(JSON.parse(fakeModel(inits)));
  assert.ok(text.length > 10_000);
  editor.open(uri, text);
  await editor.reached(uri, 'verdict');
  const { items = [] } = await editor.pull(uri);
  assert.deepEqual(
    items.map(({ code }) => code),
    ['long-line', 'vanishing-gradient'],
  );
  const formatted = `initscope-formatted:/work/model.formatted.json?${encodeURIComponent(uri)}`;
  const pretty = await editor.connection.sendRequest<string>('initscope/formatted', { uri: formatted });
  const { items: there = [] } = await editor.pull(formatted);
  assert.equal(there.length, 1);
  assert.equal(TextDocument.create(formatted, 'json', 1, pretty).getText(there[0]?.range), '"bad"');
  const [repair] = await editor.actions(formatted, there[0]!, ['quickfix']);
  const change = repair?.edit?.documentChanges?.[0];
  assert.equal(change !== undefined && 'textDocument' in change ? change.textDocument.uri : undefined, uri);
  assert.equal(applied(text, repair?.edit), text.replace('"bad"', '"good"'));
  editor.dispose();
});

test('a formatted model whose file is gone is answered without a new status, which would make the editor ask again', async () => {
  const editor = await startEditor();
  const gone = 'file:///work/gone.json';
  const ask = (): Promise<string | null> =>
    editor.connection.sendRequest('initscope/formatted', { uri: `initscope-formatted:/gone.json?${gone}` });
  assert.equal(await ask(), null);
  const count = editor.statuses.length;
  assert.ok(count > 0);
  for (let again = 0; again < 3; again++) assert.equal(await ask(), null);
  assert.equal(editor.statuses.length, count);
  editor.dispose();
});
