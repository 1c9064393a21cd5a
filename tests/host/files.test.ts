import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  api,
  bytesOf,
  cleanUp,
  closeAll,
  eventually,
  fakeModel,
  fakeServer,
  inWorkspace,
  ours,
  put,
  reached,
  repair,
  show,
  undoAndSave,
} from './support/host.ts';

suite('files that change under the editor (a stand-in measures)', () => {
  suiteSetup(async () => (await api()).useServer(fakeServer));
  suiteTeardown(async () => (await api()).useServer(undefined));
  teardown(cleanUp);

  const one = (uri: vscode.Uri): Promise<vscode.Diagnostic> =>
    eventually('one finding', () => (ours(uri).length === 1 ? ours(uri)[0] : undefined));

  test('a byte order mark and CRLF keep their bytes through a fix and an undo', async () => {
    const marked = (init: string): Buffer =>
      Buffer.from(`\ufeff${fakeModel({ first: init }).replaceAll('\n', '\r\n')}`, 'utf8');
    const uri = await put('marked.json', marked('bad'));
    const { document } = await show(uri);
    await reached(uri, 'verdict');
    const finding = await one(uri);
    assert.equal(document.getText(finding.range), '"bad"');
    await repair(uri);
    assert.ok(await document.save());
    assert.deepEqual(await bytesOf(uri), marked('good'));
    await undoAndSave(document);
    assert.deepEqual(await bytesOf(uri), marked('bad'));
  });

  test('a file that is renamed takes its findings along, one that is deleted loses them', async () => {
    const uri = await put('before.json', fakeModel({ first: 'bad' }));
    await show(uri);
    await reached(uri, 'verdict');
    await one(uri);
    const renamed = inWorkspace('after.json');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, renamed);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await reached(renamed, 'verdict');
    await one(renamed);
    await eventually('nothing at the old name', () => (ours(uri).length === 0 ? true : undefined));
    const removal = new vscode.WorkspaceEdit();
    removal.deleteFile(renamed);
    assert.ok(await vscode.workspace.applyEdit(removal));
    await closeAll();
    await eventually('nothing is left', () => (ours(renamed).length === 0 ? true : undefined));
  });

  test('an open file that git rewrites is measured again by itself', async () => {
    const uri = await put('checkout.json', fakeModel({ first: 'bad' }));
    const { document } = await show(uri);
    await reached(uri, 'verdict');
    await one(uri);
    await writeFile(uri.fsPath, fakeModel({ first: 'fine' }));
    await eventually('the editor shows it', () => (document.getText().includes('"fine"') ? true : undefined));
    await reached(uri, 'verdict');
    await eventually('the finding is gone', () => (ours(uri).length === 0 ? true : undefined));
  });
});
