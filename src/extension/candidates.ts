import * as vscode from 'vscode';
import { CANDIDATE_LANGUAGES, isCandidate } from '../protocol/candidate.ts';
import { FORMATTED_SCHEME } from '../protocol/virtual.ts';

const SCHEMES: readonly string[] = ['file', 'untitled', 'vscode-remote'];
/** Pause before a document that was no candidate is looked at again. */
const LOOK_AGAIN_MS = 400;
const HEAD = 65536;

/** The documents that may hold a model; only these are sent to the server. Decided by a cheap look at their first characters. */
export class Candidates implements vscode.Disposable {
  readonly #found = new Set<string>();
  readonly #event = new vscode.EventEmitter<{
    readonly document: vscode.TextDocument;
    readonly edited: boolean;
  }>();
  readonly #subscriptions: vscode.Disposable[] = [this.#event];
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Fires when a document is found to be a candidate; `edited` when it was open before and became one. */
  readonly onFound = this.#event.event;

  /** Starts looking. */
  watch(): void {
    this.#subscriptions.push(
      vscode.workspace.onDidOpenTextDocument((document) => this.#look(document, false)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        const key = document.uri.toString();
        this.#found.delete(key);
        clearTimeout(this.#timers.get(key));
        this.#timers.delete(key);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#lookLater(document)),
    );
    for (const document of vscode.workspace.textDocuments) this.#look(document, false);
  }

  /** Whether this URI's open document is a candidate. */
  has(uri: vscode.Uri): boolean {
    return uri.scheme === FORMATTED_SCHEME || this.#found.has(uri.toString());
  }

  /** Like `has`, looking first at a document that was not seen yet. */
  accepts(document: vscode.TextDocument): boolean {
    return this.has(document.uri) || this.#decide(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #decide(document: vscode.TextDocument): boolean {
    if (!SCHEMES.includes(document.uri.scheme) || !CANDIDATE_LANGUAGES.includes(document.languageId))
      return false;
    const head = document.getText(new vscode.Range(new vscode.Position(0, 0), document.positionAt(HEAD)));
    if (!isCandidate(document.languageId, head)) return false;
    this.#found.add(document.uri.toString());
    return true;
  }

  #look(document: vscode.TextDocument, edited: boolean): void {
    const known = this.#found.has(document.uri.toString());
    if (!known && this.#decide(document)) this.#event.fire({ document, edited });
  }

  #lookLater(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (this.#found.has(key) || !CANDIDATE_LANGUAGES.includes(document.languageId)) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        if (!document.isClosed) this.#look(document, true);
      }, LOOK_AGAIN_MS),
    );
  }
}
