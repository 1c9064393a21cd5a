import { basename } from 'node:path';
import * as vscode from 'vscode';
import {
  CompareRequest,
  type InspectAnswer,
  ProbeCostRequest,
  ProbeRequestMessage,
  type StudyKind,
  type RequestMessage,
  type UriParams,
} from '../../protocol/lsp.ts';
import type { App } from '../app.ts';
import { NotNow, targetOf, type Outcome } from './outcome.ts';

/** Asks the server for something long, with progress and a way to cancel. Throws NotNow with its reason. */
async function study(
  app: App,
  file: vscode.Uri,
  kind: StudyKind,
  title: string,
  message: RequestMessage<UriParams, InspectAnswer>,
): Promise<string> {
  const client = await app.client();
  const uri = file.toString();
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const answer = await vscode.window.withProgress(options, (progress, token) => {
    let before = 0;
    return client.study(kind, message, { uri }, token, ({ done, total, text }) => {
      const share = total > 0 ? (done / total) * 100 : 0;
      progress.report({ message: text, increment: Math.max(0, share - before) });
      before = share;
    });
  });
  if (answer.stopped === true) throw new vscode.CancellationError();
  if (!answer.ok) throw new NotNow(`${basename(file.path)}: ${answer.message}`);
  return answer.message;
}

/** Measures every sensible initializer on the models of a file and opens the ranking in the report. */
export async function compareInitializers(app: App, given?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  const title = `Initscope: comparing initializers of ${basename(uri.path)}`;
  const message = await study(app, uri, 'comparison', title, CompareRequest);
  app.openReport(uri, 'compare');
  return message;
}

/** Trains shortly from several starting points, after saying how long that takes; opens the report at the curves. `agreed` skips the question. */
export async function runConvergenceProbe(app: App, given?: unknown, agreed?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  const name = basename(uri.path);
  const cost = await app.ask(ProbeCostRequest, { uri: uri.toString() });
  if (!cost.ok) throw new NotNow(`${name}: ${cost.message}`);
  if (agreed !== true) {
    const detail = `${cost.message} It can be cancelled at any time; nothing of the file changes.`;
    const run = 'Train';
    const question = `Train ${name} shortly from several starting points?`;
    const chosen = await vscode.window.showInformationMessage(question, { modal: true, detail }, run);
    if (chosen !== run) throw new vscode.CancellationError();
  }
  const message = await study(app, uri, 'probe', `Initscope: training ${name} shortly`, ProbeRequestMessage);
  app.openReport(uri, 'probe');
  return message;
}
