import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  ErrorCodes,
  LanguageClient,
  ResponseError,
  RevealOutputChannelOn,
  TransportKind,
  type LanguageClientOptions,
  type ServerOptions,
  type vsdiag,
} from 'vscode-languageclient/node';
import { CANDIDATE_LANGUAGES } from '../protocol/candidate.ts';
import {
  StudyProgressNotification,
  type InitializationOptions,
  type NotificationMessage,
  type RequestMessage,
  type StudyKind,
  type StudyStep,
  type UriParams,
} from '../protocol/lsp.ts';
import { SERVER_FLAGS } from '../protocol/serverFlags.ts';
import { FORMATTED_SCHEME, RULE_SCHEME } from '../protocol/virtual.ts';
import type { App } from './app.ts';
import { nativeFolder } from './nativeFolder.ts';

/** Cells of notebooks are read from the notebook's file; they are asked about, never sent. */
const CELL_SCHEME = 'vscode-notebook-cell';
/** Ends of the server within this time count as one series of crashes. */
const SERIES_MS = 3 * 60_000;
const MOST_RESTARTS = 4;

/** A running language server. Only candidates are sent to it. */
export class Client {
  readonly #client: LanguageClient;

  readonly #listener: vscode.Disposable;

  private constructor(client: LanguageClient, listener: vscode.Disposable) {
    this.#client = client;
    this.#listener = listener;
  }

  /** Starts the server; resolves when it has answered. */
  static async start(app: App, module: string | undefined): Promise<Client> {
    const server = {
      module: module ?? app.context.asAbsolutePath('dist/server.cjs'),
      transport: TransportKind.ipc,
      options: { execArgv: [...SERVER_FLAGS] },
    };
    const options: ServerOptions = { run: server, debug: server };
    const client = new LanguageClient('initscope', 'Initscope', options, clientOptions(app));
    const listener = app.candidates.onFound(({ document, edited }) => {
      if (!edited) return;
      const provider = client.getFeature('textDocument/didOpen').getProvider(document);
      if (client.isRunning()) provider?.send(document).catch(() => {});
    });
    await client.start();
    return new Client(client, listener);
  }

  /** Process id of the server. */
  get pid(): number | undefined {
    return this.#client.serverProcess?.pid;
  }

  /** Asks the server; rejects with one clear line when it ends before it has answered. */
  async request<P extends object, R>(
    { method }: RequestMessage<P, R>,
    params: P,
    token?: vscode.CancellationToken,
  ): Promise<R> {
    try {
      return await this.#client.sendRequest<R>(method, params, ...(token === undefined ? [] : [token]));
    } catch (error) {
      if (error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected)
        throw new Error('The server ended before it answered. The log says more.', { cause: error });
      throw error;
    }
  }

  notify<P extends object>(message: NotificationMessage<P>, params: P): void {
    if (this.#client.isRunning()) this.#client.sendNotification(message.method, params).catch(() => {});
  }

  listen<P>(message: NotificationMessage<P>, handler: (params: P) => void): vscode.Disposable {
    return this.#client.onNotification(message.method, handler);
  }

  /** Asks for longer work on a file; `onStep` is told how far it is until the answer comes. */
  async study<P extends UriParams, R>(
    kind: StudyKind,
    message: RequestMessage<P, R>,
    params: P,
    token: vscode.CancellationToken,
    onStep: (step: StudyStep) => void,
  ): Promise<R> {
    const uri = vscode.Uri.parse(params.uri).toString();
    const listener = this.listen(StudyProgressNotification, (step) => {
      if (step.study === kind && vscode.Uri.parse(step.uri).toString() === uri) onStep(step);
    });
    try {
      return await this.request(message, params, token);
    } finally {
      listener.dispose();
    }
  }

  /** Ends the server and takes away what it showed. */
  async stop(): Promise<void> {
    this.#listener.dispose();
    await this.#client.dispose(2000).catch(() => {});
  }
}

function clientOptions(app: App): LanguageClientOptions {
  const ends: number[] = [];
  const initializationOptions = (): InitializationOptions => {
    const folder = nativeFolder(app.context);
    return {
      rulePages: `${RULE_SCHEME}:/`,
      trusted: vscode.workspace.isTrusted,
      commands: true,
      ...(folder === undefined ? {} : { nativeFolder: folder }),
    };
  };
  const sent = new Set<string>();
  const ours = ({ uri }: vscode.TextDocument): boolean =>
    uri.scheme === CELL_SCHEME || app.candidates.has(uri);
  const selector = CANDIDATE_LANGUAGES.flatMap((language) => [
    { scheme: 'file', language },
    { scheme: 'untitled', language },
    { scheme: 'vscode-remote', language },
  ]);
  return {
    documentSelector: [
      ...selector,
      { scheme: FORMATTED_SCHEME },
      { scheme: CELL_SCHEME, language: 'python' },
    ],
    outputChannel: app.log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticCollectionName: 'initscope',
    initializationOptions,
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
    markdown: { supportThemeIcons: true },
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        const now = Date.now();
        ends.push(now);
        while ((ends[0] ?? now) < now - SERIES_MS) ends.shift();
        if (ends.length <= MOST_RESTARTS) {
          app.log.warn('The server ended unexpectedly and is started again.');
          return { action: CloseAction.Restart, handled: true };
        }
        app.serverFailed(
          `The server ended ${ends.length} times within three minutes and is not started again. The log says more.`,
        );
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    middleware: {
      didOpen: async (document, next) => {
        if (!app.candidates.accepts(document)) return;
        sent.add(document.uri.toString());
        await next(document);
      },
      didChange: async (event, next) => (sent.has(event.document.uri.toString()) ? next(event) : undefined),
      didSave: async (document, next) => (sent.has(document.uri.toString()) ? next(document) : undefined),
      didClose: async (document, next) => (sent.delete(document.uri.toString()) ? next(document) : undefined),
      provideDiagnostics: (document, previous, token, next) => {
        const uri = 'uri' in document ? document.uri : document;
        return app.candidates.has(uri) ? next(document, previous, token) : { kind: FULL, items: [] };
      },
      provideCodeActions: (document, range, context, token, next) =>
        ours(document) ? next(document, range, context, token) : [],
      provideCodeLenses: (document, token, next) => (ours(document) ? next(document, token) : []),
      provideHover: (document, position, token, next) =>
        ours(document) ? next(document, position, token) : null,
      provideDocumentSymbols: (document, token, next) =>
        document.uri.scheme === FORMATTED_SCHEME ? next(document, token) : [],
      provideDefinition: (document, position, token, next) =>
        document.uri.scheme === FORMATTED_SCHEME ? next(document, position, token) : [],
      provideFoldingRanges: (document, context, token, next) =>
        document.uri.scheme === FORMATTED_SCHEME ? next(document, context, token) : undefined,
      provideInlayHints: (document, range, token, next) =>
        ours(document) ? next(document, range, token) : [],
    },
  };
}

/** `vsdiag.DocumentDiagnosticReportKind.full`; the enum itself is not exported as a value. */
const FULL = 'full' as vsdiag.DocumentDiagnosticReportKind.full;
