import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actionsAt, api, bytesOf, closeAll, eventually, ours, put, reached, show } from './support/host.ts';

const SLOW = 60_000;

const BODY = [
  'const model = tf.sequential();',
  "model.add(tf.layers.dense({ units: 32, activation: 'relu', inputShape: [8], kernelInitializer: 'zeros' }));",
  "model.add(tf.layers.dense({ units: 2, activation: 'softmax' }));",
];

const FILES: Readonly<Record<string, string>> = {
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
  teardown(closeAll);

  for (const [name, text] of Object.entries(FILES)) {
    test(`${name}: the cause is underlined, and its repair changes only the call`, async () => {
      const uri = await put(name, text);
      const { document } = await show(uri);
      await reached(uri, 'verdict', SLOW);
      const isError = ({ severity }: vscode.Diagnostic): boolean =>
        severity === vscode.DiagnosticSeverity.Error;
      const finding = await eventually(
        'an error on the initializer',
        () => ours(uri).find((entry) => isError(entry) && document.getText(entry.range) === "'zeros'"),
        SLOW,
      );
      assert.deepEqual(ours(uri).filter(isError), [finding]);
      const repair = (await actionsAt(uri, finding.range, 'quickfix')).find(({ title }) =>
        title.startsWith('Repair:'),
      );
      assert.ok(repair?.edit);
      assert.ok(await vscode.workspace.applyEdit(repair.edit));
      await document.save();
      await eventually('no error is left', () => (ours(uri).some(isError) ? undefined : true), SLOW);
      const after = (await bytesOf(uri)).toString();
      const [before, behind] = text.split("'zeros'");
      assert.ok(after.startsWith(before ?? '') && after.endsWith(behind ?? ''), after);
    });
  }
});

suite('the text of a source in a restricted workspace', () => {
  teardown(closeAll);

  test('shows its traps without being run', async function () {
    if (vscode.workspace.isTrusted) this.skip();
    const uri = await put('trap.ts', FILES['net.ts']?.replace("'zeros'", "'heNormal'") ?? '');
    const { document } = await show(uri);
    const [trap] = await eventually('a trap', () => (ours(uri).length > 0 ? ours(uri) : undefined), SLOW);
    assert.ok(trap);
    assert.equal(document.getText(trap.range), "'heNormal'");
  });
});
