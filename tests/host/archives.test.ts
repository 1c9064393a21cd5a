import assert from 'node:assert/strict';
import { strToU8, unzipSync, zipSync } from 'fflate';
import * as vscode from 'vscode';
import {
  actionOf,
  api,
  bytesOf,
  cleanUp,
  eventually,
  inWorkspace,
  ours,
  put,
  reached,
} from './support/host.ts';

/** A `.keras` archive of an example, with something beside its configuration. */
async function packed(name: string): Promise<vscode.Uri> {
  const metadata = JSON.stringify({ keras_version: '3.5.0', date_saved: '2026-01-01@00:00:00' });
  const archive = zipSync({
    'config.json': await bytesOf(inWorkspace('zero-mlp.json')),
    'metadata.json': strToU8(metadata),
    'assets/words.txt': strToU8('one\ntwo\n'),
  });
  return put(name, archive);
}

async function configurationOf(uri: vscode.Uri, name: string): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('initscope.openFormattedModel', uri);
  return eventually('the configuration', () =>
    vscode.workspace.textDocuments.find(
      ({ uri: one }) => one.scheme === 'initscope-formatted' && one.path.includes(name),
    ),
  );
}

suite('archives', () => {
  suiteSetup(async () => void (await api()));
  teardown(cleanUp);

  test('an archive opens as a page, with one summary on it and everything on its configuration', async () => {
    const uri = await packed('packed #1 50%.keras');
    await vscode.commands.executeCommand('vscode.open', uri);
    await eventually('the custom editor', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom ? input : undefined;
    });
    await reached(uri, 'verdict');
    const [summary] = await eventually('one summary', () => (ours(uri).length === 1 ? ours(uri) : undefined));
    assert.ok(summary);
    assert.ok(summary.range.isEqual(new vscode.Range(0, 0, 0, 0)));
    const { target } = summary.code as { target: vscode.Uri };
    assert.equal(target.scheme, 'initscope-rule');
    const formatted = await configurationOf(uri, 'packed #1 50%');
    const detailed = await eventually('its findings', () => {
      const found = ours(formatted.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.ok(detailed.some(({ range }) => formatted.getText(range).startsWith('"Zeros"')));
    await vscode.commands.executeCommand('initscope.restartServer');
    await reached(uri, 'verdict');
    await eventually('the summary is back', () => (ours(uri).length === 1 ? true : undefined));
  });

  test('an archive is rewritten as it was shown: its findings go away, its other parts keep their bytes', async () => {
    const uri = await packed('rewrite me.keras');
    const before = unzipSync(await bytesOf(uri));
    await vscode.commands.executeCommand('initscope.inspectModel', uri);
    await reached(uri, 'verdict');
    const document = await configurationOf(uri, 'rewrite me');
    const { command } = await actionOf(document.uri, /^Repair: .*rewriting rewrite me\.keras…$/);
    assert.ok(command);
    const [target, id] = (command.arguments ?? []) as unknown[];
    const outcome = await vscode.commands.executeCommand<string>(command.command, target, id, true);
    assert.match(outcome, /^Rewrote rewrite me\.keras: /);
    const after = unzipSync(await bytesOf(uri));
    assert.deepEqual(after['metadata.json'], before['metadata.json']);
    assert.deepEqual(after['assets/words.txt'], before['assets/words.txt']);
    assert.notDeepEqual(after['config.json'], before['config.json']);
    const loud = (): vscode.Diagnostic[] =>
      ours(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    await reached(uri, 'verdict');
    await eventually('no error is left', () => (loud().length === 0 ? true : undefined));
    await eventually('nothing is left to repair', async () => {
      const again = await vscode.commands.executeCommand<string>('initscope.rewriteArchive', uri, id, true);
      return /No repair was proven/.test(again) ? true : undefined;
    });
  });

  test('rewriting is refused in one line for what is no archive, and before it was measured', async () => {
    const json = inWorkspace('zero-mlp.json');
    assert.match(
      await vscode.commands.executeCommand('initscope.rewriteArchive', json, undefined, true),
      /is no \.keras archive/,
    );
    const uri = await packed('unmeasured.keras');
    assert.match(
      await vscode.commands.executeCommand('initscope.rewriteArchive', uri, undefined, true),
      /run Inspect Model first/,
    );
  });
});
