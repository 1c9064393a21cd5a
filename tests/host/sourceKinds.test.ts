import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  api,
  bytesOf,
  cleanUp,
  eventually,
  hoverAt,
  lensesOf,
  ours,
  put,
  reached,
  repair,
  setting,
  show,
} from './support/host.ts';

const BODY = [
  'const model = tf.sequential();',
  "model.add(tf.layers.dense({ units: 32, activation: 'relu', inputShape: [8], kernelInitializer: 'zeros' }));",
  "model.add(tf.layers.dense({ units: 2, activation: 'softmax' }));",
];

const MODULE = [
  "import * as tf from '@tensorflow/tfjs';",
  'export function build() {',
  ...BODY.map((line) => `  ${line}`),
  '  return model;',
  '}',
  '',
];
const COMPONENT = [
  "import * as tf from '@tensorflow/tfjs';",
  'export default function App() {',
  '  const train = () => {',
  ...BODY.map((line) => `    ${line}`),
  '  };',
  '  return <button onClick={train}>train</button>;',
  '}',
  '',
];

const FILES: Readonly<Record<string, string>> = {
  'net.mjs': MODULE.join('\n'),
  'net.cjs': ["const tf = require('@tensorflow/tfjs');", ...BODY, 'module.exports = model;', ''].join('\n'),
  'App.jsx': COMPONENT.join('\n'),
  'App.tsx': COMPONENT.join('\n').replace('App()', 'App({ name }: { name?: string })'),
  'net.ts': [
    "import * as tf from '@tensorflow/tfjs';",
    '',
    'interface Options<T> { units: T }',
    'export function build(options?: Options<number>): tf.Sequential {',
    ...BODY.map((line) => `  ${line}`),
    '  return model as tf.Sequential;',
    '}',
    '',
  ].join('\n'),
  'page.html': [
    '<!doctype html>',
    '<p>naïve é</p>',
    '<script src="https://cdn.example/tf.min.js"></script>',
    '<script>',
    ...BODY,
    '</script>',
    '<p>tail</p>',
    '',
  ].join('\n'),
};

suite('sources of other kinds', () => {
  suiteSetup(async function () {
    await api();
    if (!vscode.workspace.isTrusted) this.skip();
  });
  teardown(cleanUp);

  for (const [name, text] of Object.entries(FILES)) {
    test(`${name}: the cause is underlined, and its repair changes only the call`, async () => {
      const uri = await put(name, text);
      const { document } = await show(uri);
      await reached(uri, 'verdict');
      const isError = ({ severity }: vscode.Diagnostic): boolean =>
        severity === vscode.DiagnosticSeverity.Error;
      const finding = await eventually('an error on the initializer', () =>
        ours(uri).find((entry) => isError(entry) && document.getText(entry.range) === "'zeros'"),
      );
      assert.deepEqual(ours(uri).filter(isError), [finding]);
      const at = document.positionAt(text.indexOf("'relu'"));
      assert.match(await hoverAt(uri, at), /rms before activation \| 0 /);
      const lenses = await lensesOf(uri);
      assert.ok(
        lenses.some((title) => /1 error/.test(title)),
        lenses.join('; '),
      );
      await setting('initscope.inlayHints.enable', true);
      const line = await eventually('an inlay hint', async () => {
        const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
          'vscode.executeInlayHintProvider',
          uri,
          new vscode.Range(0, 0, document.lineCount, 0),
        );
        return hints.find(({ position }) => document.lineAt(position.line).text.includes("'relu'"));
      });
      assert.ok(line);
      const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        uri,
      );
      assert.ok(!symbols?.some(({ detail }) => / layers$/.test(detail)), 'the outline is not ours');
      await setting('initscope.inlayHints.enable', undefined);
      await repair(uri);
      assert.ok(await document.save());
      await eventually('no error is left', () => (ours(uri).some(isError) ? undefined : true));
      const after = (await bytesOf(uri)).toString();
      const [before, behind] = text.split("'zeros'");
      assert.ok(after.startsWith(before ?? '') && after.endsWith(behind ?? ''), after);
    });
  }
});

suite('the views of a source', () => {
  suiteSetup(async function () {
    await api();
    if (!vscode.workspace.isTrusted) this.skip();
  });
  teardown(cleanUp);

  test('the report opens on a .ts, and its parts are there', async () => {
    const { app } = await api();
    const uri = await put('viewed.ts', FILES['net.ts'] ?? '');
    await show(uri);
    await reached(uri, 'verdict');
    await vscode.commands.executeCommand('initscope.openReport', uri);
    const panel = await eventually('a panel', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(
          ({ input, label }) =>
            input instanceof vscode.TabInputWebview &&
            input.viewType.endsWith('initscope.report') &&
            label.includes('viewed.ts'),
        ),
    );
    assert.ok(panel);
    const status = app.statuses.get(uri.toString());
    assert.equal(status?.state, 'verdict');
    await vscode.window.tabGroups.close(panel);
  });
});

suite('the text of a source in a restricted workspace', () => {
  teardown(cleanUp);

  test('shows its traps without being run', async function () {
    if (vscode.workspace.isTrusted) this.skip();
    const uri = await put('trap.ts', FILES['net.ts']?.replace("'zeros'", "'heNormal'") ?? '');
    const { document } = await show(uri);
    const [trap] = await eventually('a trap', () => (ours(uri).length > 0 ? ours(uri) : undefined));
    assert.ok(trap);
    assert.equal(document.getText(trap.range), "'heNormal'");
  });
});
