import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, cleanUp, closeAll, eventually, setting } from './support/host.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, object>> };
  };
}

/** Commands that ask something first, or act outside this window. */
const ASKS = ['chooseBackend', 'showRules', 'openExample', 'inspectWorkspace', 'installNativeBackend'];

suite('commands and contributions', () => {
  suiteSetup(closeAll);
  teardown(cleanUp);

  const manifest = (): Manifest =>
    vscode.extensions.getExtension('initscope.initscope')?.packageJSON as Manifest;

  test('every contributed command is registered and has our category', async () => {
    await api();
    const registered = await vscode.commands.getCommands(true);
    for (const { command, category } of manifest().contributes.commands) {
      assert.ok(registered.includes(command), command);
      assert.equal(category, 'Initscope', command);
    }
  });

  test('there are no more than 25 settings', () => {
    assert.ok(Object.keys(manifest().contributes.configuration.properties).length <= 25);
  });

  test('every command works without an open editor: it does its work or says why not', async () => {
    for (const { command } of manifest().contributes.commands) {
      const name = command.replace('initscope.', '');
      if (ASKS.includes(name)) continue;
      const outcome = await vscode.commands.executeCommand<unknown>(command);
      assert.equal(typeof outcome, 'string', command);
      if (['inspectModel', 'openReport', 'applySuggestedInitializers', 'whyNothing'].includes(name))
        assert.match(String(outcome), /open a model first/, command);
      await closeAll();
    }
  });

  test('the backend that is chosen is written to the settings of the person', async () => {
    await vscode.commands.executeCommand('initscope.chooseBackend', 'cpu');
    await eventually('it is set', () =>
      vscode.workspace.getConfiguration('initscope').get('backend') === 'cpu' ? true : undefined,
    );
    await setting('initscope.backend', undefined);
  });

  test('a restricted workspace is told why data and native backends are refused', async function () {
    if (vscode.workspace.isTrusted) this.skip();
    assert.match(
      String(await vscode.commands.executeCommand('initscope.installNativeBackend')),
      /trusted workspace/,
    );
  });

  test('an issue report is a draft with versions and the log, and nothing is sent', async () => {
    (await api()).app.log.info('the last thing before the report');
    assert.equal(
      await vscode.commands.executeCommand('initscope.reportIssue'),
      'Opened a draft; nothing was sent.',
    );
    const text = await eventually('a draft', () => {
      const draft = vscode.window.activeTextEditor?.document.getText() ?? '';
      return draft.startsWith('# What happened?') ? draft : undefined;
    });
    assert.match(text, /- Initscope \d+\.\d+\.\d+\n- VS Code \d/);
    assert.match(text, /# End of the log[\s\S]* \[info\] the last thing before the report\n/, text);
  });
});
