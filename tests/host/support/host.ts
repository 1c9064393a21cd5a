import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { inRepo } from '../../support/root.ts';
import type { TestApi } from '../../../src/extension/main.ts';
import type { ModelStatus } from '../../../src/protocol/status.ts';

/** The extension's doors for tests. */
export async function api(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi>('initscope.initscope');
  assert.ok(extension, 'initscope.initscope is not installed');
  return extension.activate();
}

/** The program of the server whose inspector is a stand-in. */
export const fakeServer = join(__dirname, 'doubles', 'fakeServer.cjs');

/** Tries until `look` gives something other than undefined; fails with `what` after the time. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  milliseconds = 15_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) assert.fail(`did not happen in ${milliseconds} ms: ${what}`);
    await pause(50);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A file of the scratch workspace. */
export function inWorkspace(...parts: string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no workspace folder');
  return vscode.Uri.joinPath(folder.uri, ...parts);
}

/** Writes a file of the scratch workspace. */
export async function put(name: string, text: string | Uint8Array): Promise<vscode.Uri> {
  const uri = inWorkspace(name);
  await writeFile(uri.fsPath, text);
  return uri;
}

/** Bytes of a file on disk. */
export function bytesOf(uri: vscode.Uri): Promise<Buffer> {
  return readFile(uri.fsPath);
}

/** Our diagnostics of a document. */
export function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Initscope');
}

/** Opens a document in an editor. */
export async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** Resolves when the status of this file is `state`. */
export async function reached(
  uri: vscode.Uri,
  state: ModelStatus['state'],
  milliseconds?: number,
): Promise<ModelStatus> {
  const { app } = await api();
  return eventually(
    `${uri.path} reaches ${state}`,
    () => {
      const status = app.statuses.get(uri.toString());
      return status?.state === state ? status : undefined;
    },
    milliseconds,
  );
}

/** Code actions at a diagnostic, of one kind. */
export async function actionsAt(
  uri: vscode.Uri,
  range: vscode.Range,
  kind: string,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, kind);
}

/** One undo in the editor of a document, which gets the focus first, and the result on disk. */
export async function undoAndSave(document: vscode.TextDocument): Promise<void> {
  const text = document.getText();
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('undo');
  await eventually('an undo', () => (document.getText() === text ? undefined : true));
  assert.ok(await document.save());
}

/** Closes every editor without asking, whatever is unsaved. */
export async function closeAll(): Promise<void> {
  for (const editor of vscode.window.visibleTextEditors)
    if (editor.document.isDirty) {
      await vscode.window.showTextDocument(editor.document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** A text for the stand-in inspector. */
export function fakeModel(inits: Readonly<Record<string, string>>, name = 'net', indent?: number): string {
  const layers = Object.entries(inits).map(([layer, init]) => ({ name: layer, init }));
  return JSON.stringify({ class_name: 'Sequential', model: name, layers }, null, indent ?? 2);
}

/** What the hovers at a place say. */
export async function hoverAt(uri: vscode.Uri, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at);
  return hovers
    .flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value)))
    .join('\n');
}

/** Titles of the lenses of a document. */
export async function lensesOf(uri: vscode.Uri): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
  );
  return lenses.map(({ command }) => command?.title ?? '');
}

/** The interpreter with PyTorch that the oracle tests made, if they did. */
export function torchPython(): string | undefined {
  const folder = inRepo('.cache', 'oracles');
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((each) => each.startsWith('torch-'));
  const path = name === undefined ? undefined : join(folder, name, 'bin', 'python');
  return path !== undefined && existsSync(path) ? path : undefined;
}
