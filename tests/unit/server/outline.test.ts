import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentSymbol, FoldingRange, Location } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { formattedUri } from '../../../src/protocol/virtual.ts';
import { fakeModel, startEditor } from './harness.ts';

const uri = 'file:///work/model.json';

test('outline, inputs and folds are in the formatted document only, at its own positions', async () => {
  const editor = await startEditor({ run: 'manual' });
  const minified = JSON.stringify(JSON.parse(fakeModel({ first: 'bad', second: 'fine' })));
  editor.open(uri, minified);
  await editor.reached(uri, 'predicted');
  const shown = formattedUri(uri);
  const text = await editor.connection.sendRequest<string>('initscope/formatted', { uri: shown });
  const document = TextDocument.create(shown, 'json', 0, text);
  const ask = <T>(method: string, of: string, more: object = {}): Promise<T> =>
    editor.connection.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri: of }, ...more });

  const [model] = await ask<DocumentSymbol[]>('documentSymbol', shown);
  assert.equal(model?.name, 'net');
  assert.deepEqual(
    model.children?.map(({ name }) => name),
    ['first', 'second'],
  );
  assert.equal(JSON.parse(document.getText(model.children?.[1]?.range)).name, 'second');

  const position = document.positionAt(text.indexOf('"second"') + 2);
  const inputs = await ask<Location[]>('definition', shown, { position });
  assert.deepEqual(
    inputs.map((input) => [input.uri, (JSON.parse(document.getText(input.range)) as { name: string }).name]),
    [[shown, 'first']],
  );

  const folds = await ask<FoldingRange[]>('foldingRange', shown);
  assert.equal(folds.length, 2);
  for (const { startLine, endLine } of folds) assert.ok(endLine > startLine);

  for (const method of ['documentSymbol', 'foldingRange']) assert.deepEqual(await ask(method, uri), []);
  assert.deepEqual(await ask('definition', uri, { position: { line: 0, character: 40 } }), []);
  editor.dispose();
});
