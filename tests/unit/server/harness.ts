import { PassThrough } from 'node:stream';
import { createConnection } from 'vscode-languageserver/node';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { CodeAction, Diagnostic, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { startServer } from '../../../src/server/startServer.ts';
import type { ServerParts } from '../../../src/server/parts.ts';
import type { InitializationOptions } from '../../../src/protocol/lsp.ts';
import type { ModelStatus } from '../../../src/protocol/status.ts';
import { fakeInspector } from '../../support/fakeInspector.ts';

/** What a pull gives. */
export interface Pulled {
  readonly kind: 'full' | 'unchanged';
  readonly resultId?: string;
  readonly items?: Diagnostic[];
}

/** An editor that talks to a server over streams, without VS Code. */
export interface Editor {
  readonly connection: MessageConnection;
  readonly statuses: ModelStatus[];
  readonly pushed: Map<string, Diagnostic[]>;
  readonly calls: { reads: number; measures: number; cancelled: number };
  open(uri: string, text: string): void;
  /** Replaces the whole text. */
  edit(uri: string, text: string): void;
  save(uri: string): void;
  close(uri: string): void;
  pull(uri: string, previousResultId?: string): Promise<Pulled>;
  /** Resolves when the newest status of this file is `state`. */
  reached(uri: string, state: ModelStatus['state']): Promise<ModelStatus>;
  actions(uri: string, diagnostic: Diagnostic, only?: string[]): Promise<CodeAction[]>;
  dispose(): void;
}

/** Starts a server with the fake inspector (or these parts) and an editor with these settings. */
export async function startEditor(
  settings: object = {},
  parts: Partial<ServerParts> = {},
  pulls = true,
  options: InitializationOptions = {},
): Promise<Editor> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const inspector = fakeInspector();
  const none = (): Promise<never> => Promise.reject(new Error('no file'));
  startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), {
    version: '0.0.0',
    files: { size: none, read: none, beside: () => undefined, exists: () => Promise.resolve(false) },
    stampOf: () => Promise.resolve(''),
    openEngine: () => ({ inspector, dispose: () => Promise.resolve() }),
    projectConfig: () =>
      Promise.resolve({
        config: { rules: {}, ignore: [], exclude: [], files: [] },
        options: {},
        problems: [],
      }),
    patienceMs: () => 60_000,
    ...parts,
  });
  const connection = createMessageConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  const statuses: ModelStatus[] = [];
  const pushed = new Map<string, Diagnostic[]>();
  let wake: () => void = () => {};
  connection.onNotification('initscope/status', (status: ModelStatus) => {
    statuses.push(status);
    wake();
  });
  connection.onNotification(
    'textDocument/publishDiagnostics',
    (given: { uri: string; diagnostics: Diagnostic[] }) => {
      pushed.set(given.uri, given.diagnostics);
    },
  );
  connection.onRequest('workspace/configuration', () => [settings]);
  connection.onRequest(() => null);
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    initializationOptions: { commands: true, rulePages: 'initscope-rule:/', ...options },
    capabilities: {
      workspace: { configuration: true, diagnostics: { refreshSupport: true } },
      textDocument: pulls ? { diagnostic: {} } : {},
    },
  });
  await connection.sendNotification('initialized', {});
  const versions = new Map<string, number>();
  const send = (method: string, params: object): void => {
    statuses.length = 0;
    void connection.sendNotification(method, params);
  };
  return {
    connection,
    statuses,
    pushed,
    calls: inspector.calls,
    open: (uri, text) => {
      versions.set(uri, 1);
      send('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 1, text } });
    },
    edit: (uri, text) => {
      const version = (versions.get(uri) ?? 1) + 1;
      versions.set(uri, version);
      send('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    },
    save: (uri) => send('textDocument/didSave', { textDocument: { uri } }),
    close: (uri) => send('textDocument/didClose', { textDocument: { uri } }),
    pull: (uri, previousResultId) =>
      connection.sendRequest('textDocument/diagnostic', {
        textDocument: { uri },
        ...(previousResultId === undefined ? {} : { previousResultId }),
      }),
    reached: async (uri, state) => {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const last = statuses.findLast((status) => status.uri === uri);
        if (last?.state === state) return last;
        if (Date.now() > deadline)
          throw new Error(`${uri} did not reach ${state}; it is ${JSON.stringify(last)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, 200);
        });
      }
    },
    actions: async (uri, diagnostic, only) =>
      (await connection.sendRequest<CodeAction[] | null>('textDocument/codeAction', {
        textDocument: { uri },
        range: diagnostic.range,
        context: { diagnostics: [diagnostic], ...(only === undefined ? {} : { only }) },
      })) ?? [],
    dispose: () => connection.dispose(),
  };
}

/** Waits for what takes a moment, a minute at most. */
export async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!happened()) {
    if (Date.now() > deadline) throw new Error(`did not happen: ${happened.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The text after the edits of a code action. */
export function applied(text: string, edit: WorkspaceEdit | undefined): string {
  const edits = (edit?.documentChanges ?? []).flatMap((change) => ('edits' in change ? change.edits : []));
  return TextDocument.applyEdits(TextDocument.create('x:', 'json', 0, text), edits as TextEdit[]);
}

/** A text for the fake inspector. */
export function fakeModel(inits: Readonly<Record<string, string>>, name = 'net'): string {
  const layers = Object.entries(inits).map(([layer, init]) => ({ name: layer, init }));
  return JSON.stringify({ model: name, layers }, null, 2);
}
