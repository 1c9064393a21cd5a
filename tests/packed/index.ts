import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

const SOURCE = `import * as tf from '@tensorflow/tfjs';
const model = tf.sequential();
model.add(tf.layers.dense({ inputShape: [8], units: 16, activation: 'relu', kernelInitializer: 'zeros' }));
model.add(tf.layers.dense({ units: 1 }));
`;

async function measuredFinding(uri: vscode.Uri): Promise<string> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  for (let waited = 0; waited < 150_000; waited += 100) {
    const found = vscode.languages
      .getDiagnostics(uri)
      .find(({ source, message }) => source === 'Initscope' && /Measured: /.test(message));
    if (found !== undefined) return found.message;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const all = vscode.languages.getDiagnostics(uri).map(({ message }) => message);
  throw new Error(`nothing was measured in ${uri.path}: ${JSON.stringify(all)}`);
}

/** Run by VS Code, with Initscope installed from its package: a JSON model and a source are read, evaluated and measured by it. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('initscope.initscope');
  assert.ok(extension, 'Initscope is not installed');
  assert.ok(!existsSync(join(extension.extensionPath, 'src')), `${extension.extensionPath} is a checkout`);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);
  assert.match(await measuredFinding(vscode.Uri.joinPath(folder, 'deep-sigmoid.json')), /gradient/);
  const source = vscode.Uri.joinPath(folder, 'net.js');
  writeFileSync(source.fsPath, SOURCE);
  assert.match(await measuredFinding(source), /start at zero/);
  assert.ok(extension.isActive);
}
