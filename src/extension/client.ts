import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  ErrorCodes,
  LanguageClient,
  ResponseError,
  RevealOutputChannelOn,
  State,
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
const GONE: readonly number[] = [ErrorCodes.PendingResponseRejected, ErrorCodes.ConnectionInactive];
/** How long a server may take to end by itself, and one that is being ended to start, before it is killed. */
const PATIENCE_MS = 2000;

/** What happens to the server is told by us: the library's own notifications come unasked. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** One language server, from its start to its end; it does not come back. Only candidates are sent to it. */
export class Client {
  readonly #client: LanguageClient;
  readonly #listener: vscode.Disposable;
  #stopped: Promise<void> | undefined;

  /** `onEnd` is called when the server ends without being told to, also while it starts. */
  constructor(app: App, module: string | undefined, onEnd: () => void) {
    const server = {
      module: module ?? app.context.asAbsolutePath('dist/server.cjs'),
      transport: TransportKind.ipc,
      options: { execArgv: [...SERVER_FLAGS] },
    };
    const options: ServerOptions = { run: server, debug: server };
    const client = new QuietClient(
      'initscope',
      'Initscope',
      options,
      clientOptions(app, () => this.#ended(onEnd)),
    );
    this.#client = client;
    this.#listener = app.candidates.onFound(({ document, edited }) => {
      if (!edited) return;
      const provider = client.getFeature('textDocument/didOpen').getProvider(document);
      if (client.isRunning()) provider?.send(document).catch(() => {});
    });
  }

  /** Starts the server; resolves when it has answered. */
  start(): Promise<void> {
    return inWords(this.#client.start());
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
    return inWords(this.#client.sendRequest<R>(method, params, ...(token === undefined ? [] : [token])));
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

  /** Ends the server, also one that has not answered yet, and takes away what it showed. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#listener.dispose();
    if (this.#client.state === State.Starting) {
      const kill = setTimeout(() => this.#client.serverProcess?.kill('SIGKILL'), PATIENCE_MS);
      await this.#client.start().catch(() => {});
      clearTimeout(kill);
    }
    await this.#client.dispose(PATIENCE_MS).catch(() => {});
  }

  #ended(onEnd: () => void): void {
    if (this.#stopped !== undefined) return;
    this.#listener.dispose();
    onEnd();
  }
}

/** What was asked, rejecting with one clear line where the library has words of its own for a server that is gone. */
async function inWords<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const gone = error instanceof ResponseError && GONE.includes(error.code);
    if (gone) throw new Error('The server ended before it answered. The log says more.', { cause: error });
    throw error;
  }
}

function clientOptions(app: App, onEnd: () => void): LanguageClientOptions {
  const initializationOptions = (): InitializationOptions => {
    const folder = nativeFolder(app.context);
    return {
      rulePages: `${RULE_SCHEME}:/`,
      trusted: vscode.workspace.isTrusted,
      commands: true,
      leaveAlone: app.server.crashes.leaveAlone,
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
        onEnd();
        return { action: CloseAction.DoNotRestart, handled: true, message: 'The server ended.' };
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
