import assert from 'node:assert/strict';
import * as vscode from 'vscode';

suite('the extension host', () => {
  test('has the trust this run is about', () => {
    const expected = process.env.INITSCOPE_TRUSTED;
    assert.ok(expected === 'true' || expected === 'false', 'the launcher says which run this is');
    assert.equal(vscode.workspace.isTrusted, expected === 'true');
  });

  test('runs our extension where the files are, in a remote window too', () => {
    const extension = vscode.extensions.getExtension('initscope.initscope');
    assert.equal(extension?.extensionKind, vscode.ExtensionKind.Workspace);
    if (vscode.env.uiKind === vscode.UIKind.Web)
      assert.ok(vscode.env.remoteName, 'this window is a remote one');
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) assert.equal(uri.scheme, 'file');
  });

  test('has our extension, which activates', async () => {
    const extension = vscode.extensions.getExtension('initscope.initscope');
    assert.ok(extension, 'initscope.initscope is not installed');
    await extension.activate();
    assert.ok(extension.isActive);
  });
});
