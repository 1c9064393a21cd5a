import { basename } from 'node:path';
import * as vscode from 'vscode';
import { InspectRequestMessage } from '../../protocol/lsp.ts';
import type { App } from '../app.ts';
import { viewHtml, viewRoot } from './viewHtml.ts';
import { ViewLink } from './viewLink.ts';

const VIEW_TYPE = 'initscope.report';

/** The report panels, one a file; they survive a reload of the window. */
class ReportPanels implements vscode.WebviewPanelSerializer {
  readonly #app: App;
  readonly #panels = new Map<string, vscode.WebviewPanel>();

  constructor(app: App) {
    this.#app = app;
  }

  open(uri: vscode.Uri): void {
    const known = this.#panels.get(uri.toString());
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const column =
      vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    const panel = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      title(uri),
      { viewColumn: column, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [viewRoot(this.#app.context)] },
    );
    this.attach(panel, uri);
  }

  attach(panel: vscode.WebviewPanel, uri: vscode.Uri): void {
    const { context } = this.#app;
    panel.webview.options = { enableScripts: true, localResourceRoots: [viewRoot(context)] };
    const link = new ViewLink(this.#app, panel.webview, uri);
    panel.webview.html = viewHtml(context, panel.webview, 'report').replace(
      '<div id="root">',
      `<div id="root" data-uri="${encodeURIComponent(uri.toString())}">`,
    );
    if (panel.viewType === VIEW_TYPE) this.#panels.set(uri.toString(), panel);
    panel.onDidDispose(() => {
      link.dispose();
      if (this.#panels.get(uri.toString()) === panel) this.#panels.delete(uri.toString());
    });
    const status = this.#app.statuses.get(uri.toString());
    if (status === undefined || status.state === 'idle' || status.state === 'predicted')
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
export type OpenReport = (uri: vscode.Uri) => void;

/** Registers the panels and the read-only editors of archives, which are report panels of their own. */
export function registerReportPanels(app: App): OpenReport {
  const panels = new ReportPanels(app);
  const archives: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => {} }),
    resolveCustomEditor: (document, panel) => panels.attach(panel, document.uri),
  };
  app.context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, panels),
    ...['initscope.kerasArchive', 'initscope.hdf5Archive'].map((viewType) =>
      vscode.window.registerCustomEditorProvider(viewType, archives),
    ),
  );
  return (uri) => panels.open(uri);
}
