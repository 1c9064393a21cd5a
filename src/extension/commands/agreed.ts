import { basename } from 'node:path';
import * as vscode from 'vscode';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { proposedDocument } from '../virtualDocuments.ts';
import { NotNow } from './outcome.ts';

const APPLY: vscode.QuickPickItem = { label: 'Apply', description: 'one undo takes it back' };
const DISCARD: vscode.QuickPickItem = { label: 'Discard', description: 'nothing is written' };

function textAfter(document: vscode.TextDocument, edits: vscode.TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create('', '', 0, document.getText()), edits);
}

/** Where the file is shown already, so that its diff does not cover the view that was asked. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  return shown?.viewColumn ?? vscode.ViewColumn.Active;
}

async function closeDiffs(proposed: readonly vscode.Uri[]): Promise<void> {
  const ours = new Set(proposed.map(String));
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputTextDiff && ours.has(String(input.modified)));
  await vscode.window.tabGroups.close(tabs);
}

/** Shows what an edit makes of each file beside what it is, and asks. Throws NotNow when a file changed while it was asked. */
export async function agreedTo(edit: vscode.WorkspaceEdit): Promise<boolean> {
  const documents: vscode.TextDocument[] = [];
  const proposed: vscode.Uri[] = [];
  for (const [uri, edits] of edit.entries()) {
    const document = await vscode.workspace.openTextDocument(uri);
    const after = proposedDocument(uri, textAfter(document, edits));
    documents.push(document);
    proposed.push(after);
    const title = `${basename(uri.path)} (now ↔ proposed)`;
    const viewColumn = columnOf(uri);
    await vscode.commands.executeCommand('vscode.diff', uri, after, title, { viewColumn, preview: true });
  }
  const versions = documents.map(({ version }) => version);
  const names = documents.map(({ uri }) => basename(uri.path)).join(', ');
  // A list stays while the diff is scrolled, and is there where notifications are held back.
  const picked = await vscode.window.showQuickPick([APPLY, DISCARD], {
    title: `Write the changes shown into ${names}?`,
    ignoreFocusOut: true,
  });
  await closeDiffs(proposed);
  if (picked !== APPLY) return false;
  if (documents.some(({ version }, index) => version !== versions[index]))
    throw new NotNow(`${names} changed while its diff was shown: ask again.`);
  return true;
}
