import { basename } from 'node:path';
import * as vscode from 'vscode';
import { ViewRequest } from '../../protocol/lspViews.ts';
import type { ShownResults, ViewState } from '../../protocol/webview.ts';
import type { ModelStatus } from '../../protocol/status.ts';
import type { App } from '../app.ts';
import { whatIsOpen } from './firstSteps.ts';

/** A state and the results beside it, as one message carries them. */
export interface StateAndResults {
  readonly state: ViewState;
  readonly results: ShownResults | null;
}

interface Last {
  readonly uri: string;
  readonly id: string;
  readonly reports: string;
  readonly stale: boolean;
}

function failed(file: string, { detail, help }: ModelStatus): ViewState {
  return { kind: 'failed', file, reason: detail, ...(help === undefined ? {} : { hint: help }) };
}

/** What one view is told of a file: results travel once, whatever happens to the file meanwhile. */
export class ViewStates {
  readonly #app: App;
  #last: Last | undefined;
  #sent: string | undefined;
  #started = 0;

  constructor(app: App) {
    this.#app = app;
  }

  /** The id of the results the view shows. */
  get shown(): string | undefined {
    return this.#last?.id;
  }

  /** The view knows nothing any more. */
  forget(): void {
    this.#sent = undefined;
  }

  /** What is being done for a file, as far as it is known without asking a server that may be busy with it. */
  underWay(uri: vscode.Uri | undefined): ViewState | undefined {
    const status = uri === undefined ? undefined : this.#app.statuses.get(uri.toString());
    return uri === undefined || status === undefined ? undefined : this.#working(basename(uri.path), status);
  }

  /** The state of a file now. */
  async of(uri: vscode.Uri | undefined): Promise<StateAndResults> {
    if (uri === undefined) return { state: { kind: 'empty', open: whatIsOpen() }, results: null };
    try {
      return await this.#of(uri);
    } catch (error) {
      const reason = `The server does not answer: ${error instanceof Error ? error.message : String(error)}`;
      const hint = 'Run Initscope: Show Output to see the log, Initscope: Restart Server to try again.';
      return { state: { kind: 'failed', file: basename(uri.path), reason, hint }, results: null };
    }
  }

  async #of(uri: vscode.Uri): Promise<StateAndResults> {
    const file = basename(uri.path);
    const status = this.#app.statuses.get(uri.toString());
    if (status === undefined)
      return { state: { kind: 'empty', reason: `${file} was not inspected yet.` }, results: null };
    const last = await this.#results(uri);
    const working = this.#working(file, status);
    if (working !== undefined) return { state: working, results: this.#once(last) };
    if (status.state === 'failed') return { state: failed(file, status), results: null };
    if (last === undefined) return { state: { kind: 'empty', reason: status.detail }, results: null };
    return { state: { kind: 'report', file, stale: last.stale }, results: this.#once(last) };
  }

  /** The state of a file that is being measured or read; undefined for one at rest. */
  #working(file: string, status: ModelStatus): ViewState | undefined {
    if (status.state !== 'measuring') {
      this.#started = 0;
      return status.state === 'reading' ? { kind: 'reading', file } : undefined;
    }
    this.#started ||= status.since ?? Date.now();
    const count = /(\d+) of (\d+)/.exec(status.detail);
    return {
      kind: 'measuring',
      file,
      detail: status.detail,
      done: Number(count?.[1] ?? 0),
      total: Number(count?.[2] ?? 0),
      elapsedMs: Date.now() - this.#started,
    };
  }

  /** The file's results; those last shown when closing its editor has ended them in the server. */
  async #results(uri: vscode.Uri): Promise<Last | undefined> {
    const own = this.#last?.uri === uri.toString() ? this.#last : undefined;
    const answer = await this.#app.ask(ViewRequest, {
      uri: uri.toString(),
      ...(own === undefined ? {} : { known: own.id }),
    });
    if (answer.id === null) {
      const open = vscode.workspace.textDocuments.some((each) => each.uri.toString() === uri.toString());
      return open ? undefined : own;
    }
    const reports = answer.reports ?? own?.reports;
    if (reports === undefined) return undefined;
    this.#last = { uri: uri.toString(), id: answer.id, reports, stale: answer.stale };
    return this.#last;
  }

  #once(last: Last | undefined): ShownResults | null {
    if (last === undefined) return null;
    if (this.#sent === last.id) return { id: last.id };
    this.#sent = last.id;
    return { id: last.id, reports: last.reports };
  }
}
