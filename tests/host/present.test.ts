import assert from 'node:assert/strict';
import * as vscode from 'vscode';

suite('the extension host', () => {
  test('has the trust this run is about', () => {
    const expected = process.env.INITSCOPE_TRUSTED;
    assert.ok(expected === 'true' || expected === 'false', 'the launcher says which run this is');
    assert.equal(vscode.workspace.isTrusted, expected === 'true');
  });

  test('has our extension, which activates', async () => {
    const extension = vscode.extensions.getExtension('initscope.initscope');
    assert.ok(extension, 'initscope.initscope is not installed');
    await extension.activate();
    assert.ok(extension.isActive);
  });
});
