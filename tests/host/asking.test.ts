import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { npy } from '../support/npy.ts';
import { choosing, picking, typing } from './support/dialogs.ts';
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
  setting,
  show,
} from './support/host.ts';

/** A command's outcome, taken while `during` answers what it asks. */
async function outcomeOf(
  during: (act: () => Thenable<unknown>) => Thenable<unknown>,
  command: string,
  ...args: unknown[]
): Promise<string> {
  let outcome = '';
  await during(async () => {
    outcome = await vscode.commands.executeCommand<string>(command, ...args);
  });
  return outcome;
}

/** `columns` wide rows whose values have a standard deviation of about 100. */
function rows(count: number, columns: number): Uint8Array {
  const values = Array.from({ length: count * columns }, (_, at) => ((at * 7919) % 347) - 173);
  return npy(values, [count, columns]);
}

suite('commands that ask', () => {
  suiteSetup(async () => {
    await (await api()).useServer(undefined);
  });
  teardown(cleanUp);

  /** The quick fix of a finding whose title starts so. */
  async function fixOf(uri: vscode.Uri, title: RegExp): Promise<vscode.CodeAction> {
    await reached(uri, 'verdict');
    return actionOf(uri, title);
  }

  test('Use Data Sample: the model is measured on the rows, and initscope.json remembers them', async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    const uri = inWorkspace('healthy-mlp-of-20.json');
    await vscode.workspace.fs.copy(inWorkspace('zero-mlp.json'), uri, { overwrite: true });
    await show(uri);
    await reached(uri, 'verdict');
    const command = 'initscope.useDataSample';
    assert.equal(await outcomeOf((act) => choosing(undefined, act), command), 'Cancelled.');
    const sample = await put('rows #1.npy', rows(64, 20));
    const outcome = await outcomeOf((act) => choosing(sample, act), command);
    assert.equal(outcome, 'Measuring healthy-mlp-of-20.json on rows #1.npy.');
    const written = JSON.parse((await bytesOf(inWorkspace('initscope.json'))).toString('utf8')) as {
      files: unknown;
    };
    assert.deepEqual(written.files, [
      { pattern: 'healthy-mlp-of-20.json', data: { inputs: ['rows #1.npy'] } },
    ]);
    const { app } = await api();
    await eventually('a report on the rows', async () => {
      const page = await app.ask({ method: 'initscope/page' }, { uri: uri.toString(), page: 'report' });
      return /rows #1\.npy/.test(String(page).replaceAll('\\', '')) ? true : undefined;
    });
    await vscode.workspace.fs.delete(uri);
  });

  test('Use Data Sample: rows of another width are refused with the file, what was found and expected', async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    const uri = inWorkspace('zero-mlp.json');
    await show(uri);
    await reached(uri, 'verdict');
    const narrow = await put('narrow.npy', rows(64, 7));
    await outcomeOf((act) => choosing(narrow, act), 'initscope.useDataSample');
    const error = await eventually('what is wrong', () =>
      ours(uri).find(({ message }) => /narrow\.npy/.test(message)),
    );
    assert.match(error.message, /7[\s\S]*20/);
  });

  test('Use Data Sample says when it does not apply', async () => {
    const command = 'initscope.useDataSample';
    const sample = await put('some.npy', rows(4, 4));
    const asked = (): Promise<string> => outcomeOf((act) => choosing(sample, act), command);
    if (!vscode.workspace.isTrusted) {
      await show(inWorkspace('zero-mlp.json'));
      assert.match(await asked(), /only read in a trusted workspace/);
      return;
    }
    assert.match(await asked(), /open a model first/);
    await show(await put('notes.json', '{ "hello": 1 }'));
    assert.match(await asked(), /no model in this file/);
    const content = (await bytesOf(inWorkspace('zero-mlp.json'))).toString('utf8');
    const { uri } = await vscode.window
      .showTextDocument(await vscode.workspace.openTextDocument({ language: 'json', content }))
      .then(({ document }) => document);
    await reached(uri, 'verdict');
    assert.match(await asked(), /Save the file first/);
  });

  test('Copy Fix copies the snippet of the framework that is chosen', async () => {
    const uri = inWorkspace('zero-mlp.json');
    await show(uri);
    const { command } = await fixOf(uri, /^Copy fix for Keras 3, .*PyTorch…$/);
    assert.ok(command);
    const copy = (label: string | undefined): Promise<string> =>
      outcomeOf((act) => picking(label, act), command.command, ...((command.arguments ?? []) as unknown[]));
    const offered = await picking('PyTorch', () =>
      vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[])),
    );
    assert.deepEqual(offered, ['Keras 3', 'Keras 2', 'TensorFlow.js', 'PyTorch']);
    assert.equal(await copy('PyTorch'), 'Copied the fix for PyTorch.');
    assert.match(await vscode.env.clipboard.readText(), /nn\.init\.\w+_\(/);
    assert.equal(await copy('Keras 3'), 'Copied the fix for Keras 3.');
    assert.match(await vscode.env.clipboard.readText(), /kernel_initializer/);
    assert.equal(await copy(undefined), 'Cancelled.');
    assert.match(await vscode.commands.executeCommand('initscope.copyFix'), /put the cursor on a finding/);
  });

  test('Silence asks for a reason, writes it, and the finding is gone', async () => {
    const uri = inWorkspace('zero-mlp.json');
    await show(uri);
    const { command } = await fixOf(uri, /^Silence /);
    assert.ok(command);
    const [target] = (command.arguments ?? []) as [{ rule: string; layer: string }];
    const silence = (reason: string | undefined): Promise<string> =>
      outcomeOf((act) => typing(reason, act), command.command, target);
    assert.equal(await silence(undefined), 'Cancelled.');
    const refusals = await typing(undefined, () => vscode.commands.executeCommand(command.command, target));
    assert.deepEqual(refusals, ['A reason is needed.']);
    assert.equal(await silence('zeros are the point of this example'), `Silenced ${target.rule}.`);
    const { ignore } = JSON.parse((await bytesOf(inWorkspace('initscope.json'))).toString('utf8')) as {
      ignore: unknown;
    };
    assert.deepEqual(ignore, [
      {
        rule: target.rule,
        layer: target.layer,
        file: 'zero-mlp.json',
        reason: 'zeros are the point of this example',
      },
    ]);
    const silenced = ({ code, message }: vscode.Diagnostic): boolean =>
      JSON.stringify(code).includes(target.rule) && message.startsWith(target.layer);
    await eventually('it is gone', () => (ours(uri).some(silenced) ? undefined : true));
    assert.match(
      await vscode.commands.executeCommand('initscope.silenceFinding'),
      /put the cursor on a finding/,
    );
  });

  test('Choose Backend offers four, and Open Example a copy of each example; both can be dismissed', async () => {
    const choose = (label: string | undefined, command: string): Promise<string> =>
      outcomeOf((act) => picking(label, act), command);
    assert.equal(await choose(undefined, 'initscope.chooseBackend'), 'Cancelled.');
    assert.equal(await choose('cpu', 'initscope.chooseBackend'), 'cpu');
    await eventually('it is set', () =>
      vscode.workspace.getConfiguration('initscope').get('backend') === 'cpu' ? true : undefined,
    );
    await setting('initscope.backend', undefined);
    assert.equal(await choose(undefined, 'initscope.openExample'), 'Cancelled.');
    assert.equal(await choose('dead-relu-cnn.json', 'initscope.openExample'), 'dead-relu-cnn.json');
    const copy = await eventually('the copy', () => {
      const uri = vscode.window.activeTextEditor?.document.uri;
      return uri?.scheme === 'untitled' ? uri : undefined;
    });
    await reached(copy, 'verdict');
  });
});
