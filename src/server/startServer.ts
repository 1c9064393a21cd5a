import { fileURLToPath } from 'node:url';
import {
  CodeLensRefreshRequest,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  TextDocuments,
  TextDocumentSyncKind,
  DidChangeWatchedFilesNotification,
  DidChangeConfigurationNotification,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  ActiveNotification,
  NotebookEditedNotification,
  SettingProblemNotification,
  StatusNotification,
  type InitializationOptions,
} from '../protocol/lsp.ts';
import { realUri } from '../protocol/virtual.ts';
import { registerCommands } from './commands.ts';
import { registerFeatures, type FeatureContext } from './features.ts';
import { SOURCE_KIND } from './codeActions.ts';
import type { FileState } from './fileState.ts';
import type { ServerParts } from './parts.ts';
import { hear, tell } from './messages.ts';
import { Publisher } from './publisher.ts';
import { registerQuestions } from './questions.ts';
import { registerRewriting } from './rewriting.ts';
import { Session } from './session.ts';
import { registerStudies } from './studies.ts';
import { settingsFrom, type Settings } from './settings.ts';
import { registerViewRequests } from './viewRequests.ts';
import { registerViewResults } from './viewResults.ts';
import { statusOf } from './statusText.ts';

/** Pause in which several changes become one refresh of the editor. */
const REFRESH_DELAY_MS = 40;

/** The settings on which numbers, or whether there are any, depend. */
function measuringSettings(settings: Settings): string {
  const { run, backend, budgetSeconds, workers, maxFileMegabytes } = settings;
  return JSON.stringify([run, backend, budgetSeconds, workers, maxFileMegabytes]);
}

/** Runs the language server on a connection until it ends. `parts` bring everything that measures. */
export function startServer(connection: Connection, parts: ServerParts): void {
  const documents = new TextDocuments(TextDocument);
  const publisher = new Publisher(connection);
  const saidProblems = new Set<string>();
  let params: InitializeParams | undefined;
  let options: InitializationOptions = {};
  let refresh: NodeJS.Timeout | undefined;
  // A step of a measurement changes a file's status and lens, not what was found in it.
  const shown = new WeakMap<FileState, number>();
  let findingsChanged = false;

  const session = new Session(parts, {
    changed: (state) => {
      tell(connection, StatusNotification, statusOf(state));
      if (shown.get(state) !== state.revision) {
        shown.set(state, state.revision);
        publisher.update(state, context.diagnosticOptions(), session.settings.diagnostics);
        findingsChanged = true;
      }
      refresh ??= setTimeout(refreshEditor, REFRESH_DELAY_MS);
    },
    log: (level, text) => connection.console[level](text),
  });

  const context: FeatureContext = {
    session,
    diagnosticOptions: () => ({
      hints: session.settings.hints,
      rulePages: options.rulePages,
      relatedInformation: params?.capabilities.textDocument?.publishDiagnostics?.relatedInformation !== false,
    }),
    actionOptions: () => ({
      commands: options.commands === true,
      resolve:
        params?.capabilities.textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    }),
    roots: () =>
      (params?.workspaceFolders ?? []).flatMap(({ uri }) =>
        uri.startsWith('file:') ? fileURLToPath(uri) : [],
      ),
  };

  const swallow = (): void => {};
  function refreshEditor(): void {
    refresh = undefined;
    const capabilities = params?.capabilities.workspace;
    if (capabilities?.codeLens?.refreshSupport === true)
      connection.sendRequest(CodeLensRefreshRequest.type).catch(swallow);
    if (!findingsChanged) return;
    findingsChanged = false;
    if (capabilities?.diagnostics?.refreshSupport === true)
      connection.languages.diagnostics.refresh().catch(swallow);
    if (session.settings.inlayHints && capabilities?.inlayHint?.refreshSupport === true)
      connection.languages.inlayHint.refresh().catch(swallow);
  }

  async function readSettings(): Promise<void> {
    if (params?.capabilities.workspace?.configuration !== true) return;
    const section: unknown = await connection.workspace.getConfiguration('initscope');
    const { settings, problems } = settingsFrom(section);
    session.requests.settings = settings;
    for (const problem of problems) {
      if (saidProblems.has(problem.message)) continue;
      saidProblems.add(problem.message);
      connection.console.warn(problem.message);
      tell(connection, SettingProblemNotification, problem);
    }
  }

  connection.onInitialize((given): InitializeResult => {
    params = given;
    options = (given.initializationOptions ?? {}) as InitializationOptions;
    session.requests.trusted = options.trusted ?? true;
    session.requests.nativeFolder = options.nativeFolder;
    publisher.pulls = given.capabilities.textDocument?.diagnostic !== undefined;
    return {
      serverInfo: { name: 'initscope', version: parts.version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        diagnosticProvider: {
          identifier: 'initscope',
          interFileDependencies: false,
          workspaceDiagnostics: false,
        },
        codeActionProvider: { codeActionKinds: ['quickfix', SOURCE_KIND], resolveProvider: true },
        hoverProvider: true,
        documentSymbolProvider: true,
        definitionProvider: true,
        foldingRangeProvider: true,
        codeLensProvider: {},
        inlayHintProvider: true,
      },
    };
  });

  let ready: Promise<void> = Promise.resolve();
  connection.onInitialized(() => {
    for (const uri of options.leaveAlone ?? []) {
      const state = session.state(uri);
      state.leaveAlone();
      session.work.touch(state);
    }
    ready = readSettings().catch((error: unknown) => connection.console.error(String(error)));
    const workspace = params?.capabilities.workspace;
    if (workspace?.didChangeConfiguration?.dynamicRegistration === true)
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'initscope' });
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: '**/initscope.json' }, { globPattern: '**/*.{json,keras,h5,hdf5}' }],
      });
  });

  connection.onDidChangeConfiguration(() => {
    const before = measuringSettings(session.settings);
    readSettings().then(
      () => (before === measuringSettings(session.settings) ? session.showAll() : session.refreshAll()),
      (error: unknown) => connection.console.error(String(error)),
    );
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(({ uri }) => uri.endsWith('/initscope.json'))) void session.configsChanged();
    for (const { uri } of changes) void session.changedOnDisk(uri);
  });

  documents.onDidOpen(({ document }) => {
    if (realUri(document.uri) !== undefined) return;
    void ready.then(() =>
      session.opened(document.uri, document.languageId, document.version, document.getText()),
    );
  });
  documents.onDidChangeContent(({ document }) => {
    if (realUri(document.uri) !== undefined) return;
    const known = session.files.get(document.uri)?.open;
    if (known === undefined || known.version === document.version) return;
    session.edited(document.uri, document.languageId, document.version, document.getText());
  });
  documents.onDidSave(({ document }) => session.saved(document.uri));
  documents.onDidClose(({ document }) => {
    if (realUri(document.uri) === undefined) session.closed(document.uri);
  });

  hear(connection, ActiveNotification, ({ uri }) => {
    const real = uri === null ? undefined : (realUri(uri) ?? uri);
    session.queue.favourite = real;
    const state = real === undefined ? undefined : session.files.get(real);
    if (state !== undefined) tell(connection, StatusNotification, statusOf(state));
  });

  hear(connection, NotebookEditedNotification, ({ uri, closed }) => {
    if (closed) session.closed(uri);
    else session.outdated(uri);
  });

  session.requests.configs.onLoaded = ({ file, problems }) => context.reportConfig?.(file, problems);
  registerFeatures(connection, context);
  registerCommands(connection, context, parts, publisher);
  registerViewRequests(connection, session);
  registerViewResults(connection, session);
  registerStudies(connection, session);
  registerRewriting(connection, session);
  registerQuestions(connection, session);
  connection.onShutdown(() => session.dispose());
  documents.listen(connection);
  connection.listen();
}
