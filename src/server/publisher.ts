import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { FileState } from './fileState.ts';
import {
  archiveSummary,
  diagnosticsFor,
  notebookDiagnostics,
  type DiagnosticOptions,
} from './diagnostics.ts';
import { viewOf } from './view.ts';

/**
 * Pushes the diagnostics of files that nobody pulls: archives, results of a scan, and every file when the editor cannot pull.
 * A URI that is pulled is never pushed: what was pushed before is withdrawn when its document opens, or is looked at again.
 */
export class Publisher {
  /** Whether the editor asks for the diagnostics of open documents itself. */
  pulls = false;
  readonly #connection: Connection;
  readonly #pushed = new Set<string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Brings what is pushed for this file up to date. */
  update(state: FileState, options: DiagnosticOptions, enabled: boolean): void {
    if (state.open !== undefined && !state.background && this.pulls) {
      this.push(state.uri, []);
      return;
    }
    if (state.holding) return;
    const view = viewOf(state.uri, state);
    if (state.cells.length > 0 && view !== undefined) {
      const shown = enabled && !state.cleared && state.measured !== undefined;
      for (const [cell, found] of notebookDiagnostics(state, view, options))
        this.push(cell, shown ? found : []);
      return;
    }
    if (!enabled || state.cleared) this.push(state.uri, []);
    else if (state.archive) this.push(state.uri, archiveSummary(state, options));
    else if (view !== undefined && (state.open !== undefined || state.measured !== undefined))
      this.push(state.uri, diagnosticsFor(state, view, options));
  }

  /** Pushes diagnostics to a URI; an empty list only where something was pushed before. */
  push(uri: string, diagnostics: Diagnostic[]): void {
    if (diagnostics.length === 0 && !this.#pushed.has(uri)) return;
    if (diagnostics.length === 0) this.#pushed.delete(uri);
    else this.#pushed.add(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics });
  }
}
