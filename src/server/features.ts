import type { Connection, DocumentDiagnosticReport } from 'vscode-languageserver';
import type { Problem } from '../model/problem.ts';
import { realUri } from '../protocol/virtual.ts';
import { cellView, notebookOf } from './cells.ts';
import { codeActionsFor, type ActionOptions, type LayerRepair } from './codeActions.ts';
import { inlayHintsFor, lensesFor } from './codeLens.ts';
import { diagnosticsFor, type DiagnosticOptions } from './diagnostics.ts';
import { workspaceEdit } from './edits.ts';
import type { FileState } from './fileState.ts';
import { hoverFor } from './hover.ts';
import { foldsFor, inputsOf, symbolsFor } from './outline.ts';
import type { Session } from './session.ts';
import { fileUri, viewOf, type View } from './view.ts';

/** What the request handlers share. */
export interface FeatureContext {
  readonly session: Session;
  diagnosticOptions(): DiagnosticOptions;
  actionOptions(): ActionOptions;
  /** Paths of the workspace folders. */
  roots(): readonly string[];
  /** Shows what is wrong with an `initscope.json`; nothing when `problems` is empty. */
  reportConfig?: (file: string | undefined, problems: readonly Problem[]) => void;
}

const NOTHING: DocumentDiagnosticReport = { kind: 'full', items: [] };

function pull(context: FeatureContext, uri: string, previous: string | undefined): DocumentDiagnosticReport {
  const { session } = context;
  const state = session.files.get(fileUri(uri));
  if (state === undefined || !session.settings.diagnostics) return NOTHING;
  session.looked(state);
  const view = viewOf(uri, state);
  const pending = view === undefined || (state.open !== undefined && state.reading?.text !== state.open.text);
  if (previous !== undefined && (pending || state.holding)) return { kind: 'unchanged', resultId: previous };
  if (view === undefined) return NOTHING;
  const resultId = `${session.id}:${state.revision}:${Number(view.formatted)}`;
  if (previous === resultId) return { kind: 'unchanged', resultId };
  return { kind: 'full', resultId, items: diagnosticsFor(state, view, context.diagnosticOptions()) };
}

/** A file and the document in which it is asked about. */
export interface Readable {
  readonly state: FileState;
  readonly view: View;
}

/** What a URI shows of a file (its text, its formatted text, a cell), if that was read as it is now, so that positions mean what they say. */
export function readable(session: Session, uri: string): Readable | undefined {
  const notebook = notebookOf(session.files.values(), uri);
  if (notebook !== undefined && !notebook.cleared) {
    const view = cellView(uri, notebook);
    return view === undefined ? undefined : { state: notebook, view };
  }
  const state = session.files.get(fileUri(uri));
  if (state?.reading === undefined || state.cleared) return undefined;
  if (state.open !== undefined && state.open.text !== state.reading.text) return undefined;
  const view = viewOf(uri, state);
  return view === undefined ? undefined : { state, view };
}

/** Answers to what an editor asks while a person reads and writes; all from memory. */
export function registerFeatures(connection: Connection, context: FeatureContext): void {
  const { session } = context;
  connection.languages.diagnostics.on(({ textDocument, previousResultId }) =>
    pull(context, textDocument.uri, previousResultId),
  );
  connection.onCodeAction((params) => {
    const found = readable(session, params.textDocument.uri);
    return found === undefined
      ? []
      : codeActionsFor(found.state, found.view, params, context.actionOptions());
  });
  connection.onCodeActionResolve(async (action) => {
    const repair = action.data as LayerRepair | undefined;
    const state = repair === undefined ? undefined : session.files.get(repair.uri);
    if (repair === undefined || state?.fresh === undefined) return action;
    const result = await session.work.editOf(state, repair.model, repair.changes);
    const edit = result.ok ? workspaceEdit(state, result.edits) : undefined;
    return edit === undefined ? action : { ...action, edit };
  });
  connection.onHover(({ textDocument, position }) => {
    const found = session.settings.hover ? readable(session, textDocument.uri) : undefined;
    return found === undefined ? null : hoverFor(found.state, found.view, found.view.offsetAt(position));
  });
  // Other extensions own the outline, the definitions and the folds of real files.
  const formatted = (uri: string): Readable | undefined =>
    realUri(uri) === undefined ? undefined : readable(session, uri);
  connection.onDocumentSymbol(({ textDocument }) => {
    const found = formatted(textDocument.uri);
    return found === undefined ? [] : symbolsFor(found.state, found.view);
  });
  connection.onDefinition(({ textDocument, position }) => {
    const found = formatted(textDocument.uri);
    return found === undefined ? [] : inputsOf(found.state, found.view, found.view.offsetAt(position));
  });
  connection.onFoldingRanges(({ textDocument }) => {
    const found = formatted(textDocument.uri);
    return found === undefined ? [] : foldsFor(found.state, found.view);
  });
  connection.onCodeLens(({ textDocument }) => {
    const found = session.settings.codeLens ? readable(session, textDocument.uri) : undefined;
    return found === undefined || !context.actionOptions().commands ? [] : lensesFor(found.state, found.view);
  });
  connection.languages.inlayHint.on(({ textDocument }) => {
    const found = session.settings.inlayHints ? readable(session, textDocument.uri) : undefined;
    return found === undefined ? [] : inlayHintsFor(found.state, found.view);
  });
}
