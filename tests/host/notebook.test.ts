import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type LayerPlace, LayersAtRequest, PlaceRequest } from '../../src/protocol/lsp.ts';
import {
  api,
  cleanUp,
  closeAll,
  eventually,
  hoverAt,
  lensesOf,
  ours,
  put,
  reached,
  repair,
  setting,
  torchPython,
} from './support/host.ts';

function cell(type: 'code' | 'markdown', ...lines: string[]): object {
  const source = lines.map((line, at) => (at + 1 < lines.length ? `${line}\n` : line));
  return type === 'markdown'
    ? { cell_type: type, metadata: {}, source }
    : { cell_type: type, metadata: {}, source, outputs: [], execution_count: null };
}

const NOTEBOOK = JSON.stringify({
  cells: [
    cell('markdown', '# A net'),
    cell('code', 'import torch', 'from torch import nn', 'width = 64'),
    cell('code', 'first = nn.Linear(32, width)', 'nn.init.zeros_(first.weight)'),
    cell('code', 'model = nn.Sequential(first, nn.ReLU(), nn.Linear(width, 10))'),
  ],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
});

suite('notebooks', () => {
  suiteSetup(async () => {
    await (await api()).useServer(undefined);
  });
  teardown(cleanUp);

  test('a finding stands on the line of its cell, is shown and repaired there, is stale when a cell is edited, gone when it is closed', async function () {
    const python = torchPython();
    if (python === undefined || !vscode.workspace.isTrusted) this.skip();
    await setting('initscope.python.path', python);
    const uri = await put('net.ipynb', NOTEBOOK);
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    const { app } = await api();
    assert.ok(app.mayHoldModel(uri), 'the side view follows it');
    await vscode.commands.executeCommand('initscope.inspectModel');
    await reached(uri, 'verdict');
    const code = notebook.cellAt(2).document;
    const finding = await eventually('a finding', () => ours(code.uri)[0]);
    assert.match(code.lineAt(finding.range.start.line).text, /first/);
    assert.deepEqual(ours(uri), []);
    assert.match(await hoverAt(code.uri, finding.range.start), /Causes/);
    assert.equal(await hoverAt(notebook.cellAt(1).document.uri, new vscode.Position(2, 0)), '');
    const lenses = await Promise.all([1, 2, 3].map((at) => lensesOf(notebook.cellAt(at).document.uri)));
    const shown = lenses.filter((titles) => titles.some((title) => /first loss/.test(title)));
    assert.equal(shown.length, 1, JSON.stringify(lenses));
    const placeOf = (layer = ''): Promise<LayerPlace | null> =>
      app.ask(PlaceRequest, { uri: uri.toString(), modelId: 'model', layer });
    const [layer] = await app.ask(LayersAtRequest, {
      uri: code.uri.toString(),
      position: { line: 0, character: 8 },
    });
    const place = await placeOf(layer);
    assert.equal(place?.cell, 2, `${layer} ${JSON.stringify(place)}`);
    assert.match(code.lineAt(place.start.line).text.slice(place.start.character), /^nn\.Linear\(32/);
    const written = code.getText();
    await repair(code.uri);
    assert.match(code.getText(), /nn\.init\.(?!zeros_)\w+_\(first\.weight/);
    await eventually('an edited cell is not what was measured', async () =>
      (await hoverAt(code.uri, finding.range.start)) === '' ? true : undefined,
    );
    await eventually('the notebook is dirty', () => (notebook.isDirty ? true : undefined));
    assert.match(
      await vscode.commands.executeCommand<string>('initscope.inspectModel'),
      /^save net\.ipynb first/,
    );
    assert.equal(await placeOf(layer), null, 'an edited cell may say something else');
    await notebook.save();
    await vscode.commands.executeCommand('initscope.inspectModel');
    await reached(uri, 'verdict');
    await eventually('the finding is gone', () => (ours(code.uri).length === 0 ? true : undefined));
    const back = new vscode.WorkspaceEdit();
    back.replace(code.uri, new vscode.Range(0, 0, code.lineCount, 0), written);
    await vscode.workspace.applyEdit(back);
    await notebook.save();
    await vscode.commands.executeCommand('initscope.inspectModel');
    await eventually('the finding is back', () => ours(code.uri)[0]);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(notebook.cellAt(1).document.uri, new vscode.Position(0, 0), '# edited\n');
    await vscode.workspace.applyEdit(edit);
    await eventually('a stale finding', () =>
      ours(code.uri).find(({ message }) => message.includes('Stale')),
    );
    await notebook.save();
    await closeAll();
    await eventually('nothing is left', () => (ours(code.uri).length === 0 ? true : undefined));
  });
});
