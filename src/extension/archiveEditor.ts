import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { InspectRequestMessage, PageRequest } from '../protocol/lsp.ts';
import type { App } from './app.ts';

const COMMANDS = ['initscope.inspectModel', 'initscope.openFormattedModel', 'initscope.openReport'] as const;

const STYLE = `
body { padding: 0.5rem 1.5rem 2rem; max-width: 70rem; line-height: 1.5; }
table { border-collapse: collapse; margin: 0.75rem 0; display: block; overflow-x: auto; }
th, td { padding: 0.2rem 0.7rem; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, #8884)); text-align: left; white-space: nowrap; }
code { font-family: var(--vscode-editor-font-family); }
nav a { margin-right: 1.2rem; }
.quiet { color: var(--vscode-descriptionForeground); }`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

function commandLink(command: string, uri: vscode.Uri, title: string): string {
  const args = encodeURIComponent(JSON.stringify([uri.toString()]));
  return `<a href="command:${command}?${args}">${title}</a>`;
}

/** The page of an archive: what the report says, and links to the commands. No script runs in it. */
function pageHtml(uri: vscode.Uri, body: string): string {
  const nonce = randomBytes(16).toString('base64');
  const links = [
    commandLink(COMMANDS[0], uri, 'Measure again'),
    commandLink(COMMANDS[1], uri, 'Open configuration'),
    commandLink(COMMANDS[2], uri, 'Open report beside'),
  ];
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<style nonce="${nonce}">${STYLE}</style><title>${escapeHtml(basename(uri.path))}</title></head>
<body><nav>${links.join('')}</nav>${body}</body></html>`;
}

class ArchiveEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  async resolveCustomEditor(document: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { uri } = document;
    const app = this.#app;
    panel.webview.options = { enableScripts: false, enableCommandUris: COMMANDS, localResourceRoots: [] };
    const quiet = (text: string): string => `<p class="quiet">${escapeHtml(text)}</p>`;
    panel.webview.html = pageHtml(uri, quiet(`Reading ${basename(uri.path)} …`));
    const show = async (): Promise<void> => {
      const markdown = await app.ask(PageRequest, { uri: uri.toString(), page: 'report' });
      const html: unknown = await vscode.commands.executeCommand('markdown.api.render', markdown);
      panel.webview.html = pageHtml(
        uri,
        typeof html === 'string' ? html : `<pre>${escapeHtml(markdown)}</pre>`,
      );
    };
    const fail = (error: unknown): void => {
      panel.webview.html = pageHtml(uri, quiet(error instanceof Error ? error.message : String(error)));
    };
    const listener = app.onStatus((status) => {
      if (vscode.Uri.parse(status.uri).toString() !== uri.toString()) return;
      if (status.since === undefined) show().catch(fail);
      else panel.webview.html = pageHtml(uri, quiet(`${status.detail} …`));
    });
    panel.onDidDispose(() => listener.dispose());
    try {
      await app.ask(InspectRequestMessage, { uri: uri.toString() });
      await show();
    } catch (error) {
      fail(error);
    }
  }
}

/** Opens `.keras` by default, `.h5` and `.hdf5` on request, as a page that is only read. */
export function registerArchiveEditors(app: App): void {
  const editor = new ArchiveEditor(app);
  for (const viewType of ['initscope.kerasArchive', 'initscope.hdf5Archive'])
    app.context.subscriptions.push(vscode.window.registerCustomEditorProvider(viewType, editor));
}
