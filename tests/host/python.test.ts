import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  actionsAt,
  api,
  bytesOf,
  cleanUp,
  eventually,
  hoverAt,
  inWorkspace,
  lensesOf,
  ours,
  pause,
  put,
  reached,
  setting,
  show,
  torchPython,
} from './support/host.ts';

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

const HEAD = 'import torch\nfrom torch import nn\n\n\n';
const DEEP = `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(64, 64) for _ in range(12)])

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))
        return x
`;

suite('Python files', () => {
  suiteSetup(async () => void (await api()));
  teardown(cleanUp);

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

  test('a trap is told from the text alone while it is typed, and goes when it is mended', async () => {
    const uri = await put('typed.py', HEAD);
    const editor = await show(uri);
    await reached(uri, 'idle');
    assert.deepEqual(ours(uri), []);
    await editor.edit((edit) => edit.insert(editor.document.positionAt(HEAD.length), DEEP));
    const trap = await eventually('a trap', () => ours(uri)[0]);
    assert.equal(trap.severity, vscode.DiagnosticSeverity.Hint);
    assert.match(editor.document.lineAt(trap.range.start.line).text, /nn\.Linear\(64, 64\)/);
    assert.match(JSON.stringify(trap.code), /initializer-mismatch/);
    const mended = '        for layer in self.layers:\n            nn.init.kaiming_normal_(layer.weight)\n';
    await editor.edit((edit) => edit.insert(new vscode.Position(8, 0), mended));
    await eventually('the trap is gone', () => (ours(uri).length === 0 ? true : undefined));
    await vscode.commands.executeCommand('undo');
    await eventually('the trap is back', () => ours(uri)[0]);
    assert.equal((await reached(uri, 'idle')).state, 'idle');
  });

  test('an interpreter that is not there is named in one line, and the right one is used next', async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    const wrong = inWorkspace('nowhere', 'python').fsPath;
    await setting('initscope.python.path', wrong);
    const uri = await put('other.py', NET);
    await show(uri);
    await reached(uri, 'idle');
    await vscode.commands.executeCommand('initscope.inspectModel');
    const error = await eventually('what is wrong', () => ours(uri)[0]);
    assert.ok(error.message.includes(`The Python interpreter ${wrong} cannot be started`), error.message);
    assert.doesNotMatch(error.message, /\n\s+at /);
    assert.equal(ours(uri).length, 1);
    const python = torchPython();
    if (python === undefined) return;
    await setting('initscope.python.path', python);
    await vscode.commands.executeCommand('initscope.inspectModel');
    await reached(uri, 'verdict');
  });

  test('Inspect Model runs it: findings, hover, lens and copies of the fix stand in the code', async function () {
    const python = torchPython();
    if (python === undefined || !vscode.workspace.isTrusted) this.skip();
    await setting('initscope.python.path', python);
    const uri = await put('net.py', NET);
    const editor = await show(uri);
    await reached(uri, 'idle');
    await vscode.commands.executeCommand('initscope.inspectModel');
    await reached(uri, 'verdict');
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
  });

  test('a size that Python does not know is asked for and remembered', async function () {
    const python = torchPython();
    if (python === undefined || !vscode.workspace.isTrusted) this.skip();
    await setting('initscope.python.path', python);
    const uri = await put(
      'asks.py',
      NET.replace('hidden: int = 64', 'zork')
        .replace(/hidden/g, 'zork')
        .replace('model = Net()\n', ''),
    );
    await show(uri);
    await reached(uri, 'idle');
    await vscode.commands.executeCommand('initscope.inspectModel');
    assert.equal((await reached(uri, 'asks')).text, 'zork is not known');
    await eventually('a question', () => ours(uri).find(({ code }) => code === 'question'));
    await vscode.commands.executeCommand('initscope.answerQuestions', uri, { zork: 24 });
    await reached(uri, 'verdict');
    const written = JSON.parse((await bytesOf(inWorkspace('initscope.json'))).toString('utf8')) as unknown;
    assert.deepEqual(written, { files: [{ pattern: 'asks.py', params: { zork: 24 } }] });
    await pause(1000);
    await reached(uri, 'verdict');
    await vscode.workspace.fs.delete(inWorkspace('initscope.json'));
    await reached(uri, 'stale');
  });
});
