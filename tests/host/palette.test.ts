import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  api,
  cleanUp,
  closeAll,
  eventually,
  inWorkspace,
  pause,
  reached,
  setting,
  show,
} from './support/host.ts';

function run(command: string, ...args: unknown[]): Thenable<string> {
  return vscode.commands.executeCommand<string>(`initscope.${command}`, ...args);
}

/** Runs a command that asks with a quick pick, and takes the first choice. */
async function pickFirst(command: string): Promise<string> {
  const outcome = run(command);
  for (let tries = 0; tries < 100; tries++) {
    await pause(100);
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    const done = await Promise.race([outcome, pause(100).then(() => undefined)]);
    if (done !== undefined) return done;
  }
  return outcome;
}

async function previewed(scheme: string, what: RegExp): Promise<vscode.TextDocument> {
  return eventually(`a page ${what.source}`, () =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === scheme && what.test(uri.path)),
  );
}

suite('commands on an open model, with the real engine', () => {
  suiteSetup(async () => {
    await (await api()).useServer(undefined);
  });
  teardown(cleanUp);

  test('each does its work on the model that is looked at', async () => {
    const uri = inWorkspace('zero-mlp.json');
    const { document } = await show(uri);
    await reached(uri, 'verdict');
    assert.match(await run('inspectModel'), /zero/);
    assert.match(await run('applySuggestedInitializers'), /^Repair everything proven/);
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.match(await run('stopMeasuring'), /is not being measured|Stopped/);
    assert.match(await run('answerQuestions'), /asks nothing/);
    assert.match(await run('rewriteArchive'), /is no \.keras archive/);
    assert.equal(await run('openReport'), uri.toString());
    await show(uri);
    assert.match(await run('openFormattedModel'), /^initscope-formatted:/);
    await show(uri);
    assert.match(await run('whyNothing'), /^initscope-page:/);
    await show(uri);
    assert.equal(await run('clearResults'), 'Cleared.');
    await reached(uri, 'idle');
    assert.equal(await run('restartServer'), 'Restarted.');
    await reached(uri, 'verdict');
  });

  test('those that ask take the answer: a rule, an example, a backend', async () => {
    assert.match(await pickFirst('showRules'), /^[a-z-]+$/);
    await previewed('initscope-rule', /\.md$/);
    await closeAll();
    assert.match(await pickFirst('openExample'), /\.json$/);
    const copy = await eventually('a copy', () => {
      const uri = vscode.window.activeTextEditor?.document.uri;
      return uri?.scheme === 'untitled' ? uri : undefined;
    });
    await reached(copy, 'verdict');
    assert.equal(await pickFirst('chooseBackend'), 'auto');
    await setting('initscope.backend', undefined);
  });

  test('Compare Initializers measures every sensible one and shows the ranking', async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    const uri = inWorkspace('zero-mlp.json');
    await show(uri);
    await reached(uri, 'verdict');
    assert.match(await run('compareInitializers', uri), /: .* is best\./);
    const page = await api().then(({ app }) =>
      app.ask({ method: 'initscope/page' }, { uri: uri.toString(), page: 'initializers' }),
    );
    assert.match(String(page), /^# Initscope: initializations compared[\s\S]*HeNormal/);
  });

  test('Run Convergence Probe says its cost, trains, and shows what trains fastest', async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    const uri = inWorkspace('zero-mlp.json');
    await show(uri);
    await reached(uri, 'verdict');
    assert.match(await run('runConvergenceProbe', uri, true), /: .* trains fastest\./);
    const page = await api().then(({ app }) =>
      app.ask({ method: 'initscope/page' }, { uri: uri.toString(), page: 'probe' }),
    );
    assert.match(String(page), /^# Initscope: short trainings/);
  });

  test('a file that is no model is told so by each, once', async () => {
    const uri = inWorkspace('notes.json');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('{ "hello": 1 }'));
    await show(uri);
    for (const command of [
      'inspectModel',
      'compareInitializers',
      'runConvergenceProbe',
      'openFormattedModel',
    ])
      assert.match(await run(command, uri, true), /notes\.json|there is no model/, command);
    assert.match(await run('applySuggestedInitializers'), /not a model|run Inspect Model first|No repair/);
    await vscode.workspace.fs.delete(uri);
  });
});
