import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { FormattedRequest } from '../../protocol/lsp.ts';
import { FORMATTED_SCHEME, realUri, RULE_SCHEME } from '../../protocol/virtual.ts';
import type { App } from '../app.ts';
import { formattedDocument, pageUri, showPage } from '../virtualDocuments.ts';
import { NotNow, targetOf, type Outcome } from './outcome.ts';

/** Opens the report panel of the file; it stays up to date. */
export async function openReport(app: App, given?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  app.openReport(uri);
  return Promise.resolve(uri.toString());
}

/** Says why a file shows nothing. */
export async function whyNothing(app: App, given?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  await showPage('why', uri);
  return pageUri('why', uri).toString();
}

/** Opens the model laid out for people; findings, hovers and fixes work there as in the file. */
export async function openFormattedModel(app: App, given?: unknown): Promise<Outcome> {
  const file = targetOf(app, given);
  if (file.scheme === FORMATTED_SCHEME || realUri(file.toString()) !== undefined) return 'It is open.';
  const uri = formattedDocument(file);
  const text = await app.ask(FormattedRequest, { uri: uri.toString() });
  if (text === null) throw new NotNow('there is no model in this file.');
  const document = await vscode.workspace.openTextDocument(uri);
  const json =
    document.languageId === 'json'
      ? document
      : await vscode.languages.setTextDocumentLanguage(document, 'json');
  await vscode.window.showTextDocument(json, { preview: false });
  return uri.toString();
}

/** Lists the rules and opens the page of the chosen one. */
export async function showRules(app: App): Promise<Outcome> {
  const folder = app.context.asAbsolutePath('docs/rules');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[a-z-]+\.md$/.test(name)).sort();
  if (names.length === 0) throw new NotNow('the pages of the rules are missing from this installation.');
  const items = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      const title = /^#\s+(.*)$/m.exec(text)?.[1] ?? name;
      return { label: name.replace(/\.md$/, ''), description: title.replaceAll('`', ''), name };
    }),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Rules of Initscope',
    matchOnDescription: true,
  });
  if (picked === undefined) throw new vscode.CancellationError();
  await vscode.commands.executeCommand(
    'markdown.showPreview',
    vscode.Uri.parse(`${RULE_SCHEME}:/${picked.name}`),
  );
  return picked.label;
}
