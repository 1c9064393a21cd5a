import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import {
  actionOf,
  api,
  bytesOf,
  cleanUp,
  eventually,
  hoverAt,
  inWorkspace,
  lensesOf,
  ours,
  reached,
  repair,
  show,
  undoAndSave,
} from './support/host.ts';

suite('with the real engine', () => {
  suiteSetup(async () => {
    const files = vscode.workspace.getConfiguration('files');
    await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
    await api();
  });
  teardown(cleanUp);

  test('the layer that causes it is underlined, the fix is proven, one undo restores every byte', async () => {
    const uri = inWorkspace('n01-mlp', 'model.json');
    const before = await bytesOf(uri);
    const { document } = await show(uri);
    await reached(uri, 'verdict');
    const isError = ({ severity }: vscode.Diagnostic): boolean =>
      severity === vscode.DiagnosticSeverity.Error;
    const [finding] = await eventually('an error', () =>
      ours(uri).some(isError) ? ours(uri).filter(isError) : undefined,
    );
    assert.ok(finding);
    assert.equal(document.getText(finding.range), '"RandomNormal"');
    assert.match(finding.message, /Measured: .*healthy/);
    assert.match((await actionOf(uri, /^Repair:/)).title, /\(.*→.*\)/);
    await repair(uri);
    assert.ok(await document.save());
    await reached(uri, 'verdict');
    await eventually('no error is left', () => (ours(uri).some(isError) ? undefined : true));
    await undoAndSave(document);
    assert.deepEqual(await bytesOf(uri), before);
  });

  test('a healthy model has no warning, its hover has measured beside predicted', async () => {
    const uri = inWorkspace('healthy-cnn.json');
    const { document } = await show(uri);
    await reached(uri, 'verdict');
    const loud = ours(uri).filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
    assert.deepEqual(
      loud.map(({ message }) => message),
      [],
    );
    const at = document.positionAt(document.getText().indexOf('"conv2"') + 3);
    assert.match(await hoverAt(uri, at), /rms before activation \| \d.*\| \d/);
    const lenses = await lensesOf(uri);
    assert.ok(lenses.some((title) => /healthy · first loss/.test(title)));
  });

  test('a folder of 200 models is scanned, and the scan can be cancelled', async () => {
    const folder = inWorkspace('many').fsPath;
    const source = inWorkspace('zero-mlp.json').fsPath;
    await vscode.workspace.fs.createDirectory(inWorkspace('many'));
    for (let at = 0; at < 200; at++) await cp(source, `${folder}/model${at}.json`);
    assert.equal((await readdir(folder)).length, 200);
    const { app } = await api();
    const client = await app.client();
    const uris = Array.from({ length: 200 }, (_, at) => inWorkspace('many', `model${at}.json`).toString());
    const cancel = new vscode.CancellationTokenSource();
    const scan = client.request({ method: 'initscope/inspectWorkspace' }, { uris }, cancel.token);
    await eventually('three files have findings', () => {
      const done = vscode.languages
        .getDiagnostics()
        .filter(([uri, all]) => /many/.test(uri.path) && all.length > 0);
      return done.length >= 3 ? true : undefined;
    });
    cancel.cancel();
    await scan.catch(() => undefined);
    await vscode.commands.executeCommand('initscope.clearResults');
    const left = (): string[] =>
      vscode.languages
        .getDiagnostics()
        .flatMap(([uri, all]) => (/many/.test(uri.path) && all.length > 0 ? [basename(uri.path)] : []));
    await eventually('nothing is left', () => (left().length === 0 ? true : undefined));
    await vscode.workspace.fs.delete(inWorkspace('many'), { recursive: true });
  });

  test('the report opens in a panel of its own, once a file', async () => {
    const uri = inWorkspace('n01-mlp', 'model.json');
    await show(uri);
    await vscode.commands.executeCommand('initscope.inspectModel');
    await reached(uri, 'verdict');
    const panels = (): readonly vscode.Tab[] =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(
          ({ input }) =>
            input instanceof vscode.TabInputWebview && input.viewType.endsWith('initscope.report'),
        );
    await vscode.commands.executeCommand('initscope.openReport', uri);
    await vscode.commands.executeCommand('initscope.openReport', uri);
    await eventually('one panel', () => (panels().length === 1 ? true : undefined));
    await vscode.window.tabGroups.close(panels());
  });

  test('a rule is explained by a page of the extension', async function () {
    const { app } = await api();
    if (!existsSync(app.context.asAbsolutePath('docs/rules'))) this.skip();
    const uri = vscode.Uri.parse('initscope-rule:/saturated-activation.md');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.doesNotMatch(document.getText(), /There is no page/);
  });
});
