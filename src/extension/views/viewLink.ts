import * as vscode from 'vscode';
import {
  type FromWebview,
  parseFromWebview,
  requestId,
  WEBVIEW_PROTOCOL,
  type ShownResults,
  type ToWebview,
  type ViewState,
} from '../../protocol/webview.ts';
import type { App } from '../app.ts';
import { begin } from './firstSteps.ts';
import { revealLayer } from './place.ts';
import { answerView } from './viewActions.ts';
import { ViewStates } from './viewState.ts';
import { ViewStudies } from './viewStudies.ts';

/** Pause in which several status changes become one message. */
const SEND_DELAY_MS = 60;

/** Connects one webview with one file at a time: sends its state whenever that changes, and does what the view asks. */
export class ViewLink implements vscode.Disposable {
  readonly #app: App;
  readonly #webview: vscode.Webview;
  readonly #listeners: vscode.Disposable[];
  readonly #states: ViewStates;
  readonly #studies: ViewStudies;
  #uri: vscode.Uri | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;
  #waiting: ToWebview[] = [];

  constructor(app: App, webview: vscode.Webview, uri: vscode.Uri | undefined) {
    this.#app = app;
    this.#webview = webview;
    this.#uri = uri;
    this.#states = new ViewStates(app);
    this.#studies = new ViewStudies(app, (message) => this.#post(message));
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

  /** Tells a view that has no file what is open beside it now. */
  again(): void {
    if (this.#uri === undefined) this.#later();
  }

  /** Selects a layer in the view, as soon as it can. */
  select(layer: string): void {
    this.#soon({ type: 'select', layer });
  }

  /** Opens a section of the view, as soon as it can. */
  open(section: string, model: string | undefined): void {
    this.#soon({ type: 'open', section, ...(model === undefined ? {} : { model }) });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#studies.dispose();
    for (const listener of this.#listeners) listener.dispose();
  }

  #soon(message: ToWebview): void {
    if (this.#ready) this.#post(message);
    else this.#waiting.push(message);
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
    const found = await this.#states.of(uri);
    if (uri?.toString() !== this.#uri?.toString()) return;
    this.#tell(found.state, found.results);
  }

  #tell(state: ViewState | undefined, results: ShownResults | null = null): void {
    if (state === undefined) return;
    this.#post({ type: 'state', version: WEBVIEW_PROTOCOL, state, results, canAct: true });
  }

  #answer(message: Extract<FromWebview, { readonly type: 'request' }>): Promise<unknown> {
    if (message.method === 'begin') return begin(message.params.step);
    if (this.#uri === undefined) throw new Error('No model is open.');
    return answerView(this.#app, this.#uri, message, this.#studies, this.#states.shown);
  }

  async #receive(raw: unknown): Promise<void> {
    const message = parseFromWebview(raw);
    if (message === undefined) {
      this.#app.log.warn('A view sent a message that is none of ours; it was dropped.');
      const id = requestId(raw);
      if (id !== undefined) this.#post({ type: 'reply', id, ok: false, error: 'This cannot be asked for.' });
      return;
    }
    switch (message.type) {
      case 'ready':
        // A view that was hidden begins anew and knows nothing.
        this.#ready = true;
        this.#states.forget();
        this.#tell(this.#states.underWay(this.#uri));
        await this.#send();
        for (const waiting of this.#waiting.splice(0)) this.#post(waiting);
        return;
      case 'select':
        if (this.#uri !== undefined) await revealLayer(this.#app, this.#uri, message.model, message.layer);
        return;
      case 'request':
        try {
          this.#post({ type: 'reply', id: message.id, ok: true, value: await this.#answer(message) });
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          this.#post({ type: 'reply', id: message.id, ok: false, error: reason });
        }
    }
  }
}
