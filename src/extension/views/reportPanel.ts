import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isPython } from '../../protocol/candidate.ts';
import { InspectRequestMessage } from '../../protocol/lsp.ts';
import type { App } from '../app.ts';
import { viewHtml, viewOptions } from './viewHtml.ts';
import { ViewLink } from './viewLink.ts';

const VIEW_TYPE = 'initscope.report';

/** The report panels, one a file; they survive a reload of the window. */
class ReportPanels implements vscode.WebviewPanelSerializer {
  readonly #app: App;
  readonly #panels = new Map<string, { readonly panel: vscode.WebviewPanel; readonly link: ViewLink }>();

  constructor(app: App) {
    this.#app = app;
  }

  open(uri: vscode.Uri, section?: string, model?: string): void {
    const known = this.#panels.get(uri.toString());
    if (known !== undefined) {
      known.panel.reveal();
      if (section !== undefined) known.link.open(section, model);
      return;
    }
    const column =
      vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    const panel = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      title(uri),
      { viewColumn: column, preserveFocus: true },
      viewOptions(this.#app.context),
    );
    const link = this.attach(panel, uri);
    if (section !== undefined) link.open(section, model);
  }

  attach(panel: vscode.WebviewPanel, uri: vscode.Uri): ViewLink {
    const { context } = this.#app;
    panel.webview.options = viewOptions(context);
    const link = new ViewLink(this.#app, panel.webview, uri);
    panel.webview.html = viewHtml(context, panel.webview, 'report').replace(
      '<div id="root">',
      `<div id="root" data-uri="${encodeURIComponent(uri.toString())}">`,
    );
    this.#panels.set(uri.toString(), { panel, link });
    panel.onDidDispose(() => {
      link.dispose();
      if (this.#panels.get(uri.toString())?.panel === panel) this.#panels.delete(uri.toString());
    });
    this.#inspect(uri);
    return link;
  }

  /** A new server knows nothing of what no document is open for. */
  inspectAgain(): void {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    for (const uri of this.#panels.keys()) if (!open.has(uri)) this.#inspect(vscode.Uri.parse(uri));
  }

  #inspect(uri: vscode.Uri): void {
    const status = this.#app.statuses.get(uri.toString());
    // A panel that comes back with its window must not run a person's Python.
    const known = status !== undefined && status.state !== 'idle' && status.state !== 'predicted';
    if (known || isPython(uri.path) || this.#app.server.crashes.leaveAlone.includes(uri.toString())) return;
    this.#app.ask(InspectRequestMessage, { uri: uri.toString() }).catch(() => {});
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const uri = typeof state === 'object' && state !== null && 'uri' in state ? state.uri : undefined;
    if (typeof uri !== 'string') {
      panel.dispose();
      return;
    }
    this.attach(panel, vscode.Uri.parse(uri));
  }
}

function title(uri: vscode.Uri): string {
  return `Initscope: ${basename(uri.path)}`;
}

/** Opens the report panel of a file, or shows the one it has. */
export type OpenReport = App['openReport'];

/** Registers the panels and the read-only editors of archives, which are report panels of their own. */
export function registerReportPanels(app: App): OpenReport {
  const panels = new ReportPanels(app);
  const archives: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => {} }),
    resolveCustomEditor: (document, panel) => void panels.attach(panel, document.uri),
  };
  app.context.subscriptions.push(
    app.onServerStarted(() => panels.inspectAgain()),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, panels),
    ...['initscope.kerasArchive', 'initscope.hdf5Archive'].map((viewType) =>
      vscode.window.registerCustomEditorProvider(viewType, archives),
    ),
  );
  return (uri, section, model) => panels.open(uri, section, model);
}
