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
  put,
  reached,
  repair,
  setting,
  show,
  undoAndSave,
} from './support/host.ts';

const HEALTHY_HEAD = "model.add(tf.layers.dense({ units: 2, activation: 'softmax' }));";

function source(units: string): string {
  return [
    "import * as tf from '@tensorflow/tfjs';",
    '',
    'export function build(vocabSize) {',
    '  const model = tf.sequential();',
    `  model.add(tf.layers.embedding({ inputDim: ${units}, outputDim: 16, inputLength: 20 }));`,
    '  model.add(tf.layers.flatten());',
    "  model.add(tf.layers.dense({ units: 32, activation: 'relu', kernelInitializer: 'zeros' }));",
    `  ${HEALTHY_HEAD}`,
    '  return model;',
    '}',
    '',
  ].join('\n');
}

suite('sources that build TensorFlow.js models', () => {
  suiteSetup(async function () {
    await api();
    if (!vscode.workspace.isTrusted) this.skip();
  });
  teardown(cleanUp);

  test('findings, hover, lens, inlay hints and a fix stand in the code as they do in JSON', async () => {
    const uri = await put('net 100% #1.js', source('500'));
    const before = await bytesOf(uri);
    const { document } = await show(uri);
    await reached(uri, 'verdict');
    const isError = ({ severity }: vscode.Diagnostic): boolean =>
      severity === vscode.DiagnosticSeverity.Error;
    const finding = await eventually('an error', () => ours(uri).find(isError));
    assert.match(document.getText(finding.range), /zeros/);
    const at = document.positionAt(document.getText().indexOf("'relu'"));
    assert.match(await hoverAt(uri, at), /rms before activation \| 0 /);
    assert.ok(
      (await lensesOf(uri)).some((title) => /error/.test(title)),
      (await lensesOf(uri)).join('; '),
    );
    await setting('initscope.inlayHints.enable', true);
    const hints = await eventually('inlay hints', async () => {
      const range = new vscode.Range(0, 0, document.lineCount, 0);
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        uri,
        range,
      );
      return found.length > 1 ? found : undefined;
    });
    await setting('initscope.inlayHints.enable', undefined);
    assert.ok(hints.some(({ position }) => document.lineAt(position.line).text.includes("'relu'")));
    await repair(uri);
    assert.ok(await document.save());
    await eventually('no error is left', () => (ours(uri).some(isError) ? undefined : true));
    await undoAndSave(document);
    assert.deepEqual(await bytesOf(uri), before);
  });

  test('while the code is edited its findings go with their layers, marked stale', async () => {
    const uri = await put('moving.js', source('500'));
    const editor = await show(uri);
    await reached(uri, 'verdict');
    await eventually('an error', () => ours(uri).find(({ code }) => code !== undefined));
    await editor.edit((edit) => edit.insert(new vscode.Position(4, 0), '  // a\n  // b\n'));
    const stale = await eventually('a stale finding', () =>
      ours(uri).find(({ message }) => message.includes('Stale')),
    );
    assert.match(editor.document.lineAt(stale.range.start.line).text, /zeros/);
    assert.match(await hoverAt(uri, stale.range.start), /Stale/);
  });

  test('a size that is not told is asked for, remembered in initscope.json, and the model is measured', async () => {
    const uri = await put('asks.js', source('vocabSize'));
    const { document } = await show(uri);
    const status = await reached(uri, 'asks');
    assert.match(status.text, /^vocabSize is not known$/);
    const asked = await eventually('one diagnostic', () =>
      ours(uri).length === 1 ? ours(uri)[0] : undefined,
    );
    assert.equal(asked.severity, vscode.DiagnosticSeverity.Information);
    assert.match(asked.message, /^vocabSize \(line 3\) is not known here/);
    assert.ok((await lensesOf(uri)).some((title) => title.includes('vocabSize is not known: answer…')));
    const actions = await actionsAt(uri, asked.range, 'quickfix');
    assert.ok(actions.some(({ title }) => title === 'Answer vocabSize…'));
    const outcome = await vscode.commands.executeCommand('initscope.answerQuestions', uri, {
      vocabSize: 300,
    });
    const config = inWorkspace('initscope.json');
    assert.match(String(outcome), /zero|all units/, String(await bytesOf(config)));
    await reached(uri, 'verdict');
    const files = (): unknown => (JSON.parse(text) as { files: unknown }).files;
    let text = (await bytesOf(config)).toString('utf8');
    assert.deepEqual(files(), [{ pattern: 'asks.js', params: { vocabSize: 300 } }]);
    await eventually('nothing is asked', () =>
      ours(uri).some(({ code }) => code === 'question') ? undefined : true,
    );
    await vscode.commands.executeCommand('initscope.answerQuestions', uri, { other: true });
    text = (await bytesOf(config)).toString('utf8');
    assert.deepEqual(files(), [{ pattern: 'asks.js', params: { vocabSize: 300, other: true } }]);
    assert.match(
      await vscode.commands.executeCommand<string>('initscope.answerQuestions', uri),
      /asks nothing/,
    );
    assert.equal(document.getText(), source('vocabSize'));
    await vscode.workspace.fs.delete(config);
    await reached(uri, 'asks');
  });
});

suite('sources in a restricted workspace', () => {
  teardown(cleanUp);

  test('are not evaluated, and say so', async function () {
    if (vscode.workspace.isTrusted) this.skip();
    const uri = await put('restricted.js', source('500'));
    await show(uri);
    const { detail } = await reached(uri, 'nothing');
    assert.match(detail, /trust/);
    assert.deepEqual(ours(uri), []);
  });
});
