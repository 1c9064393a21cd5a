import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { cancellingAt } from './support/dialogs.ts';
import {
  actionOf,
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
  show,
} from './support/host.ts';

const scan = (): Thenable<string> => vscode.commands.executeCommand<string>('initscope.inspectWorkspace');

suite('a workspace of two folders, with the real engine', () => {
  let second = vscode.Uri.file('/');
  suiteSetup(async function () {
    const [, folder] = vscode.workspace.workspaceFolders ?? [];
    if (folder === undefined) this.skip();
    second = folder.uri;
    await (await api()).useServer(undefined);
  });
  teardown(async () => {
    await cleanUp();
    for (const name of ['zero-mlp.json', 'scanned.json', 'initscope.json'])
      await rm(join(second.fsPath, name), { force: true });
  });

  const severityOf = (uri: vscode.Uri): Promise<vscode.DiagnosticSeverity> =>
    eventually(`tied units in ${uri.path}`, () => {
      const finding = ours(uri).find(({ code }) => JSON.stringify(code).includes('symmetric-units'));
      return finding?.severity;
    });

  test('each folder has its own initscope.json', async () => {
    const here = inWorkspace('zero-mlp.json');
    const there = vscode.Uri.joinPath(second, 'zero-mlp.json');
    await writeFile(there.fsPath, await bytesOf(here));
    await put('initscope.json', '{ "rules": { "symmetric-units": "information" } }\n');
    await show(here);
    await reached(here, 'verdict');
    await show(there);
    await reached(there, 'verdict');
    assert.equal(await severityOf(here), vscode.DiagnosticSeverity.Information);
    assert.equal(await severityOf(there), vscode.DiagnosticSeverity.Error);
    const config = join(second.fsPath, 'initscope.json');
    await writeFile(config, '{ "rules": { "symmetric-units": "warning" } }\n');
    await eventually('the second changes alone', () =>
      ours(there).some(({ severity }) => severity === vscode.DiagnosticSeverity.Warning) ? true : undefined,
    );
    assert.equal(await severityOf(here), vscode.DiagnosticSeverity.Information);
  });

  test('silencing a finding writes into the folder of its file', async () => {
    const there = vscode.Uri.joinPath(second, 'zero-mlp.json');
    await writeFile(there.fsPath, await bytesOf(inWorkspace('zero-mlp.json')));
    await show(there);
    await reached(there, 'verdict');
    const target = { uri: there.toString(), rule: 'symmetric-units' };
    assert.equal(
      await vscode.commands.executeCommand('initscope.silenceFinding', target, 'it is a test'),
      'Silenced symmetric-units.',
    );
    const text = (await bytesOf(vscode.Uri.joinPath(second, 'initscope.json'))).toString('utf8');
    assert.match(text, /"file": "zero-mlp\.json"/);
  });

  test('Inspect Workspace looks into both', async () => {
    const text = await bytesOf(inWorkspace('zero-mlp.json'));
    const here = await put('scanned.json', text);
    const there = vscode.Uri.joinPath(second, 'scanned.json');
    await writeFile(there.fsPath, text);
    assert.match(await scan(), /^\d+ models: /);
    await severityOf(here);
    await severityOf(there);
    await vscode.commands.executeCommand('initscope.clearResults');
    await eventually('cleared', () => (ours(there).length === 0 ? true : undefined));
  });
});

suite('large and many (a stand-in measures)', () => {
  suiteSetup(async () => (await api()).useServer(fakeServer));
  suiteTeardown(async () => (await api()).useServer(undefined));
  teardown(async () => {
    await cleanUp();
    await rm(inWorkspace('held').fsPath, { recursive: true, force: true });
  });

  test('a scan shows what it found in a text that VS Code holds and nobody looks at, and gives it over', async () => {
    const uri = await put('held by VS Code.json', fakeModel({ first: 'bad' }));
    await vscode.workspace.openTextDocument(uri);
    await reached(uri, 'verdict');
    assert.deepEqual(ours(uri), []);
    await vscode.commands.executeCommand('initscope.inspectWorkspace');
    await eventually('pushed', () => (ours(uri).length === 1 ? true : undefined));
    await show(uri);
    await actionOf(uri, /^Repair:/);
    assert.equal(ours(uri).length, 1);
    await closeAll();
    await vscode.commands.executeCommand('initscope.clearResults');
    await eventually('cleared', () => (ours(uri).length === 0 ? true : undefined));
  });

  test('a file that VS Code hands to no extension is read from disk on a command, and its report opens', async () => {
    const uri = await put('huge.json', `${fakeModel({ first: 'bad' })}\n${' '.repeat(51 * 2 ** 20)}`);
    await vscode.commands.executeCommand('vscode.open', uri);
    await eventually('its tab', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()
        ? true
        : undefined;
    });
    assert.ok(!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString()));
    await vscode.commands.executeCommand('initscope.inspectModel');
    await reached(uri, 'verdict');
    await eventually('the report', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(
          ({ input }) =>
            input instanceof vscode.TabInputWebview && input.viewType.endsWith('initscope.report'),
        ),
    );
  });

  test('Inspect Workspace is cancelled by its progress: it says after how many, and the rest is left alone', async () => {
    const folder = inWorkspace('held').fsPath;
    await mkdir(folder);
    for (let at = 0; at < 20; at++)
      await writeFile(join(folder, `held${at}.json`), fakeModel({ first: 'bad' }, 'held'));
    let summary = '';
    await cancellingAt(/held/, async () => {
      summary = await scan();
    });
    assert.match(summary, /^Cancelled after \d+ models: /);
    const shown = vscode.languages
      .getDiagnostics()
      .filter(([{ path }, all]) => /\/held\/held/.test(path) && all.length > 0);
    assert.deepEqual(shown, []);
    await vscode.commands.executeCommand('initscope.clearResults');
  });
});
