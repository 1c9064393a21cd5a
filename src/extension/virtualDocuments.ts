import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { FormattedRequest, PageRequest, type PageKind } from '../protocol/lsp.ts';
import {
  FORMATTED_SCHEME,
  formattedUri,
  PAGE_SCHEME,
  PROPOSED_SCHEME,
  realUri,
  RULE_SCHEME,
} from '../protocol/virtual.ts';
import type { App } from './app.ts';

/** URI of a Markdown page about a file. */
export function pageUri(page: PageKind, file: vscode.Uri): vscode.Uri {
  const name = basename(file.path);
  return vscode.Uri.from({ scheme: PAGE_SCHEME, path: `/${page}/${name}.md`, query: file.toString() });
}

/** URI of the formatted document of a file. */
export function formattedDocument(file: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(formattedUri(file.toString()));
}

const proposals = new Map<string, string>();
let proposalsMade = 0;

/** A read-only document with what a file would hold, until it is closed. */
export function proposedDocument(file: vscode.Uri, text: string): vscode.Uri {
  const uri = vscode.Uri.from({
    scheme: PROPOSED_SCHEME,
    path: file.path,
    query: String(++proposalsMade),
  });
  proposals.set(uri.toString(), text);
  return uri;
}

/** Opens a page as a Markdown preview. */
export async function showPage(page: PageKind, file: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', pageUri(page, file));
}

const PAGES: readonly PageKind[] = ['report', 'initializers', 'probe', 'why'];

class Pages implements vscode.TextDocumentContentProvider {
  readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const named = uri.path.split('/')[1];
    const page = PAGES.find((each) => each === named) ?? 'report';
    try {
      return await this.#app.ask(PageRequest, { uri: uri.query, page }, token);
    } catch (error) {
      return `# Initscope\n\nThe server does not answer: ${error instanceof Error ? error.message : String(error)}. Run **Initscope: Show Output** to see the log.\n`;
    }
  }
}

class Formatted implements vscode.TextDocumentContentProvider {
  readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const text = await this.#app.ask(FormattedRequest, { uri: uri.toString() }, token);
    if (text === null) throw new Error('There is no model to show formatted.');
    return text;
  }
}

/** Pages of rules, from the files shipped with the extension; one that is missing says so. */
class Rules implements vscode.TextDocumentContentProvider {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const name = basename(uri.path);
    const file = this.#app.context.asAbsolutePath(`docs/rules/${name}`);
    return readFile(file, 'utf8').catch(
      () => `# ${name.replace(/\.md$/, '')}\n\nThere is no page for this rule.\n`,
    );
  }
}

/** Serves the formatted models, the pages, the rules and proposed texts as read-only documents. */
export function registerVirtualDocuments(app: App): void {
  const pages = new Pages(app);
  const formatted = new Formatted(app);
  const { subscriptions } = app.context;
  subscriptions.push(
    pages.changed,
    formatted.changed,
    vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, pages),
    vscode.workspace.registerTextDocumentContentProvider(FORMATTED_SCHEME, formatted),
    vscode.workspace.registerTextDocumentContentProvider(RULE_SCHEME, new Rules(app)),
    vscode.workspace.registerTextDocumentContentProvider(PROPOSED_SCHEME, {
      provideTextDocumentContent: (uri) => proposals.get(uri.toString()) ?? '',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => proposals.delete(uri.toString())),
    app.onStatus((status) => {
      if (status.since !== undefined) return;
      const file = vscode.Uri.parse(status.uri).toString();
      for (const { uri } of vscode.workspace.textDocuments) {
        if (uri.scheme === PAGE_SCHEME && vscode.Uri.parse(uri.query).toString() === file)
          pages.changed.fire(uri);
        if (realUri(uri.toString()) === file) formatted.changed.fire(uri);
      }
    }),
  );
}
