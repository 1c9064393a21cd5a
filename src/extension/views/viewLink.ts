import { basename } from 'node:path';
import * as vscode from 'vscode';
import { ViewRequest } from '../../protocol/lsp.ts';
import type { ModelStatus } from '../../protocol/status.ts';
import {
  parseFromWebview,
  WEBVIEW_PROTOCOL,
  type ToWebview,
  type ViewState,
} from '../../protocol/webview.ts';
import type { App } from '../app.ts';
import { revealLayer } from './place.ts';
import { answerView } from './viewActions.ts';

/** Pause in which several status changes become one message. */
const SEND_DELAY_MS = 60;

/** Connects one webview with one file at a time: sends its state whenever that changes, and does what the view asks. */
export class ViewLink implements vscode.Disposable {
  readonly #app: App;
  readonly #webview: vscode.Webview;
  readonly #listeners: vscode.Disposable[];
  #uri: vscode.Uri | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;
  #started = 0;
  #last: { readonly uri: string; readonly state: ViewState } | undefined;

  constructor(app: App, webview: vscode.Webview, uri: vscode.Uri | undefined) {
    this.#app = app;
    this.#webview = webview;
    this.#uri = uri;
    this.#listeners = [
      webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)),
      app.onStatus((status) => {
        if (vscode.Uri.parse(status.uri).toString() === this.#uri?.toString()) this.#later();
      }),
    ];
  }

  /** The file shown. */
  get uri(): vscode.Uri | undefined {
    return this.#uri;
  }

  /** Shows another file; the same one again changes nothing. */
  show(uri: vscode.Uri | undefined): void {
    if (uri?.toString() === this.#uri?.toString()) return;
    this.#uri = uri;
    this.#later();
  }

  /** Selects a layer in the view. */
  select(layer: string): void {
    this.#post({ type: 'select', layer });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
  }

  #post(message: ToWebview): void {
    if (this.#ready) void this.#webview.postMessage(message);
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, SEND_DELAY_MS);
  }

  async #send(): Promise<void> {
    const uri = this.#uri;
    const state =
      uri === undefined ? ({ kind: 'empty' } as const) : await this.#stateOf(uri).catch(failed(uri));
    if (uri?.toString() === this.#uri?.toString())
      this.#post({ type: 'state', version: WEBVIEW_PROTOCOL, state, canAct: true });
  }

  async #stateOf(uri: vscode.Uri): Promise<ViewState> {
    const file = basename(uri.path);
    const status: ModelStatus | undefined = this.#app.statuses.get(uri.toString());
    if (status === undefined) return { kind: 'empty', reason: `${file} was not inspected yet.` };
    const { reports, stale } = await this.#app.ask(ViewRequest, { uri: uri.toString() });
    if (status.state === 'measuring') {
      this.#started ||= status.since ?? Date.now();
      const elapsedMs = Date.now() - this.#started;
      const count = /(\d+) of (\d+)/.exec(status.detail);
      const [done, total] = [Number(count?.[1] ?? 0), Number(count?.[2] ?? 0)];
      this.#later();
      return {
        kind: 'measuring',
        file,
        model: status.detail,
        done,
        total,
        elapsedMs,
        ...(reports === null ? {} : { reports }),
      };
    }
    this.#started = 0;
    if (status.state === 'reading') return { kind: 'reading', file };
    if (status.state === 'failed') return { kind: 'failed', file, reason: status.detail };
    if (reports !== null) {
      this.#last = { uri: uri.toString(), state: { kind: 'report', file, reports, stale } };
      return this.#last.state;
    }
    // Closing the file's editor ends its results in the server; a report that is open keeps what it shows.
    const open = vscode.workspace.textDocuments.some((each) => each.uri.toString() === uri.toString());
    if (!open && this.#last?.uri === uri.toString()) return this.#last.state;
    return { kind: 'empty', reason: status.detail };
  }

  async #receive(raw: unknown): Promise<void> {
    const message = parseFromWebview(raw);
    if (message === undefined) {
      this.#app.log.warn('A view sent a message that is none of ours; it was dropped.');
      return;
    }
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        return this.#send();
      case 'select':
        if (this.#uri !== undefined) await revealLayer(this.#app, this.#uri, message.model, message.layer);
        return;
      case 'request':
        try {
          if (this.#uri === undefined) throw new Error('No model is open.');
          await answerView(this.#app, this.#uri, message);
          this.#post({ type: 'reply', id: message.id, ok: true, value: null });
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          this.#post({ type: 'reply', id: message.id, ok: false, error: reason });
        }
    }
  }
}

function failed(uri: vscode.Uri): (error: unknown) => ViewState {
  return (error) => ({
    kind: 'failed',
    file: basename(uri.path),
    reason: `The server does not answer: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Run Initscope: Show Output to see the log, Initscope: Restart Server to try again.',
  });
}
