import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  actionsAt,
  api,
  closeAll,
  eventually,
  hoverAt,
  inWorkspace,
  lensesOf,
  ours,
  pause,
  put,
  reached,
  show,
  torchPython,
} from './support/host.ts';

const SLOW = 120_000;

const NET = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, hidden: int = 64):
        super().__init__()
        self.first = nn.Linear(32, hidden)
        nn.init.zeros_(self.first.weight)
        self.second = nn.Linear(hidden, 10)

    def forward(self, x):
        return self.second(torch.relu(self.first(x)))


model = Net()
`;

suite('Python files', () => {
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('initscope');
  suiteSetup(async () => void (await api()));
  teardown(closeAll);

  test('opening and saving one never runs it', async () => {
    const uri = await put('never runs.py', NET);
    const { document } = await show(uri);
    await reached(uri, 'idle');
    await document.save();
    await pause(500);
    const status = await reached(uri, 'idle');
    assert.match(status.detail, /runs only on a command, in a trusted workspace/);
    if (!vscode.workspace.isTrusted) {
      const outcome = await vscode.commands.executeCommand<string>('initscope.inspectModel', uri);
      assert.match(outcome, /runs only on a command, in a trusted workspace/);
    }
  });

  test('Inspect Model runs it: findings, hover, lens and copies of the fix stand in the code', async function () {
    const python = torchPython();
    if (python === undefined || !vscode.workspace.isTrusted) this.skip();
    this.timeout(SLOW);
    await settings().update('python.path', python, vscode.ConfigurationTarget.Global);
    try {
      const uri = await put('net.py', NET);
      const editor = await show(uri);
      await reached(uri, 'idle');
      await vscode.commands.executeCommand('initscope.inspectModel');
      await reached(uri, 'verdict', SLOW);
      const isLoud = ({ severity }: vscode.Diagnostic): boolean =>
        severity <= vscode.DiagnosticSeverity.Warning;
      const finding = await eventually('a finding', () => ours(uri).find(isLoud));
      assert.match(editor.document.lineAt(finding.range.start.line).text, /self\.first/);
      assert.match(await hoverAt(uri, finding.range.start), /Causes/);
      assert.ok((await lensesOf(uri)).some((title) => /first loss/.test(title)));
      const titles = (await actionsAt(uri, finding.range, 'quickfix')).map(({ title }) => title);
      assert.ok(
        titles.some((title) => title.startsWith('Copy fix for')),
        titles.join('; '),
      );

      await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), '# moved\n# down\n'));
      const stale = await eventually('a stale finding', () =>
        ours(uri).find(({ message }) => message.includes('Stale')),
      );
      assert.match(editor.document.lineAt(stale.range.start.line).text, /self\.first/);
      assert.equal(stale.range.start.line, finding.range.start.line + 2);
      assert.match(await hoverAt(uri, stale.range.start), /Stale/);
    } finally {
      await settings().update('python.path', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('a size that Python does not know is asked for and remembered', async function () {
    const python = torchPython();
    if (python === undefined || !vscode.workspace.isTrusted) this.skip();
    this.timeout(SLOW);
    await settings().update('python.path', python, vscode.ConfigurationTarget.Global);
    try {
      const uri = await put(
        'asks.py',
        NET.replace('hidden: int = 64', 'zork')
          .replace(/hidden/g, 'zork')
          .replace('model = Net()\n', ''),
      );
      await show(uri);
      await reached(uri, 'idle');
      await vscode.commands.executeCommand('initscope.inspectModel');
      assert.equal((await reached(uri, 'asks', SLOW)).text, 'zork is not known');
      await eventually('a question', () => ours(uri).find(({ code }) => code === 'question'));
      await vscode.commands.executeCommand('initscope.answerQuestions', uri, { zork: 24 });
      await reached(uri, 'verdict', SLOW);
      await pause(1000);
      await reached(uri, 'verdict');
      await vscode.workspace.fs.delete(inWorkspace('initscope.json'));
      await reached(uri, 'stale');
    } finally {
      await settings().update('python.path', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
