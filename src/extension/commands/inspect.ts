import { basename } from 'node:path';
import * as vscode from 'vscode';
import {
  CancelNotification,
  InspectRequestMessage,
  WorkspaceProgressNotification,
  WorkspaceRequestMessage,
} from '../../protocol/lsp.ts';
import type { App } from '../app.ts';
import { interpreterFor } from '../interpreter.ts';
import { NotNow, targetOf, type Outcome } from './outcome.ts';

const MODELS = '**/*.{json,keras,h5,hdf5}';
const SOURCES = '**/*.{js,mjs,cjs,jsx,ts,tsx,html}';
const LEFT_OUT = '**/{node_modules,.git,.venv,venv,dist,out}/**';
const MOST_FILES = 20_000;

/** Whether a person sees the findings of a file where it is open: in its text, unless that is too large, or in our own editor. */
function showsFindings(uri: vscode.Uri): boolean {
  const isIt = (other: vscode.Uri): boolean => other.toString() === uri.toString();
  const megabytes = vscode.workspace.getConfiguration('initscope').get<number>('maxFileSize.megabytes') ?? 10;
  const document = vscode.workspace.textDocuments.find((each) => isIt(each.uri));
  if (vscode.workspace.notebookDocuments.some((each) => isIt(each.uri))) return true;
  if (document !== undefined) return document.getText().length <= megabytes * 1e6;
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input }) => input instanceof vscode.TabInputCustom && isIt(input.uri));
}

/** Measures one file now, with progress and a way to cancel. */
export async function inspectModel(app: App, given?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  const name = basename(uri.path);
  const options = {
    location: vscode.ProgressLocation.Window,
    title: `Initscope: measuring ${name}`,
    cancellable: true,
  };
  const interpreter = await interpreterFor(uri);
  const notebook = vscode.workspace.notebookDocuments.find((each) => each.uri.toString() === uri.toString());
  if (notebook?.isDirty === true || notebook?.isUntitled === true)
    throw new NotNow(`save ${name} first: the cells are read from the file.`);
  const cells = notebook?.getCells().map(({ document }) => document.uri.toString());
  const chosen = {
    ...(interpreter === undefined ? {} : { interpreter }),
    ...(cells === undefined ? {} : { cells }),
  };
  const answer = await vscode.window.withProgress(options, (_progress, token) =>
    app.ask(InspectRequestMessage, { uri: uri.toString(), ...chosen }, token),
  );
  if (answer.stopped === true) throw new vscode.CancellationError();
  if (!answer.ok) throw new NotNow(`${name}: ${answer.message}`);
  if (!showsFindings(uri)) app.openReport(uri);
  vscode.window.setStatusBarMessage(`Initscope: ${answer.message}`, 8000);
  return answer.message;
}

/** Stops measuring the file that is looked at; its last results stay. */
export function stopMeasuring(app: App, given?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  if (app.statuses.get(uri.toString())?.since === undefined)
    throw new NotNow(`${basename(uri.path)} is not being measured.`);
  app.tell(CancelNotification, { uri: uri.toString() });
  return Promise.resolve('Stopped.');
}

/** Texts that stand in an editor: of those alone VS Code asks for the findings itself. */
function shownUris(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri.toString()] : []));
}

/** Inspects every model of the workspace one after the other; its findings appear in Problems. */
export async function inspectWorkspace(app: App): Promise<Outcome> {
  if (vscode.workspace.workspaceFolders === undefined) throw new NotNow('open a folder first.');
  const found = await vscode.workspace.findFiles(MODELS, LEFT_OUT, MOST_FILES);
  // Sources are evaluated in a trusted workspace only.
  if (vscode.workspace.isTrusted)
    found.push(...(await vscode.workspace.findFiles(SOURCES, LEFT_OUT, MOST_FILES)));
  const uris = found.map((uri) => uri.toString()).sort();
  const client = await app.client();
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: 'Initscope: inspecting the workspace',
    cancellable: true,
  };
  const totals = await vscode.window.withProgress(options, async (progress, token) => {
    let before = 0;
    const listener = client.listen(WorkspaceProgressNotification, ({ done, total, uri }) => {
      const message = `${done + 1} of ${total}: ${basename(vscode.Uri.parse(uri).path)}`;
      progress.report({ message, increment: ((done - before) / total) * 100 });
      before = done;
    });
    try {
      return await client.request(WorkspaceRequestMessage, { uris, shown: shownUris() }, token);
    } finally {
      listener.dispose();
    }
  });
  const { models, errors, warnings, failed, cancelled } = totals;
  const unread = failed === 0 ? '' : `, ${failed} files could not be measured`;
  const summary = `${cancelled ? 'Cancelled after ' : ''}${models} models: ${errors} errors, ${warnings} warnings${unread}.`;
  const problems = 'Show Problems';
  void vscode.window.showInformationMessage(`Initscope: ${summary}`, problems).then((chosen) => {
    if (chosen === problems) void vscode.commands.executeCommand('workbench.actions.view.problems');
  });
  return summary;
}
