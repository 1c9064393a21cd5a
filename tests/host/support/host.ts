import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
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

/** How long anything may take. It matters only where something is broken: on a busy machine a second becomes a minute. */
const LIMIT_MS = 240_000;

/** Tries until `look` gives something other than undefined; fails with `what`, and what is `instead`, when it never does. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  instead: () => unknown = () => 'nothing',
): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline)
      assert.fail(`did not happen in ${LIMIT_MS} ms: ${what}; instead: ${JSON.stringify(instead())}`);
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

const written = new Set<string>();

/** Writes a file of the scratch workspace, which `cleanUp` removes. */
export async function put(name: string, text: string | Uint8Array): Promise<vscode.Uri> {
  const uri = inWorkspace(name);
  written.add(uri.fsPath);
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
export async function reached(uri: vscode.Uri, state: ModelStatus['state']): Promise<ModelStatus> {
  const { app } = await api();
  const status = (): ModelStatus | undefined => app.statuses.get(uri.toString());
  const look = (): ModelStatus | undefined => (status()?.state === state ? status() : undefined);
  return eventually(`${uri.path} reaches ${state}`, look, status);
}

const changed = new Set<string>();

/** Gives a setting of the person a value (undefined: none), which `cleanUp` takes back. */
export async function setting(key: string, value: unknown): Promise<void> {
  changed.add(key);
  const at = key.lastIndexOf('.');
  const section = vscode.workspace.getConfiguration(key.slice(0, at));
  await section.update(key.slice(at + 1), value, vscode.ConfigurationTarget.Global);
}

/** Code actions at a diagnostic, of one kind. */
export async function actionsAt(
  uri: vscode.Uri,
  range: vscode.Range,
  kind: string,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, kind);
}

/** The code action whose title starts so, at whichever of our findings offers it first. */
export function actionOf(uri: vscode.Uri, title: RegExp, kind = 'quickfix'): Promise<vscode.CodeAction> {
  return eventually(`the action ${title.source}`, async () => {
    for (const { range } of ours(uri)) {
      const found = (await actionsAt(uri, range, kind)).find((each) => title.test(each.title));
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

/** Applies the first repair that is offered for a document; nothing is saved. */
export async function repair(uri: vscode.Uri, title = /^Repair:/): Promise<void> {
  const { edit } = await actionOf(uri, title);
  assert.ok(edit);
  assert.ok(await vscode.workspace.applyEdit(edit));
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

/** After a test: no editor is open, no setting is changed, and what it wrote and the project's configuration are gone. */
export async function cleanUp(): Promise<void> {
  await closeAll();
  for (const key of changed) await setting(key, undefined);
  changed.clear();
  for (const path of [...written, inWorkspace('initscope.json').fsPath])
    await rm(path, { recursive: true, force: true });
  written.clear();
}

/** A text for the stand-in inspector. */
export function fakeModel(inits: Readonly<Record<string, string>>, name = 'net', indent?: number): string {
  const layers = Object.entries(inits).map(([layer, init]) => ({ name: layer, init }));
  return JSON.stringify({ class_name: 'Sequential', model: name, layers }, null, indent ?? 2);
}

/** Renames a model whose name makes the stand-in fail: VS Code may keep a document for later servers, whose editor is closed. */
export async function harmless(document: vscode.TextDocument, name: string): Promise<void> {
  const editor = await vscode.window.showTextDocument(document);
  const quoted = JSON.stringify(name);
  const at = document.positionAt(document.getText().indexOf(quoted));
  await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, quoted.length)), '"net"'));
  assert.ok(await document.save());
}

/** Lets the measurement of a `held` model of the stand-in inspector end. */
export async function release(uri: vscode.Uri): Promise<void> {
  written.add(`${uri.fsPath}.go`);
  await writeFile(`${uri.fsPath}.go`, '');
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
