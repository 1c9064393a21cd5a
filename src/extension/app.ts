import * as vscode from 'vscode';
import { isArchive, isCandidate } from '../protocol/candidate.ts';
import {
  ActiveNotification,
  NotebookEditedNotification,
  SettingProblemNotification,
  StatusNotification,
} from '../protocol/lsp.ts';
import type { NotificationMessage, RequestMessage } from '../protocol/lsp.ts';
import type { ModelStatus } from '../protocol/status.ts';
import { realUri } from '../protocol/virtual.ts';
import { Candidates } from './candidates.ts';
import type { Client } from './client.ts';
import { createKeptLog, type KeptLog } from './keptLog.ts';
import { ServerLife } from './serverLife.ts';
import { StatusItem } from './statusItem.ts';

/** The one object behind every command: log, server, what is known of each file. */
export class App implements vscode.Disposable {
  readonly context: vscode.ExtensionContext;
  readonly log: KeptLog;
  readonly version: string;
  readonly candidates = new Candidates();
  readonly server = new ServerLife(this);
  readonly statuses = new Map<string, ModelStatus>();
  /** Fires with the real URI of a file whose status changed. */
  readonly onStatus: vscode.Event<ModelStatus>;
  /** Opens the report panel of a file, at a section of a model when they are named; set when the panels are registered. */
  openReport: (uri: vscode.Uri, section?: string, model?: string) => void = () => {};
  readonly #status = new vscode.EventEmitter<ModelStatus>();
  readonly #item: StatusItem;
  readonly #started = new vscode.EventEmitter<void>();
  /** Fires when a server has started: it knows open documents, and nothing else. */
  readonly onServerStarted = this.#started.event;
  #failed = false;
  readonly #saidSettings = new Set<string>();
  readonly #wrongSettings: string[] = [];

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
    this.log = createKeptLog('Initscope');
    const manifest = context.extension.packageJSON as { readonly version?: string };
    this.version = manifest.version ?? '';
    this.onStatus = this.#status.event;
    this.#item = new StatusItem();
    context.subscriptions.push(this.log, this.#item, this.#status, this.#started, this.candidates);
  }

  /** Looks at what is open and opened; starts the server when the first candidate is seen. */
  watch(): void {
    const { subscriptions } = this.context;
    this.candidates.onFound(() => void this.client().catch(() => {}));
    this.candidates.watch();
    subscriptions.push(
      vscode.window.onDidChangeActiveTextEditor(() => this.#activeChanged()),
      vscode.window.tabGroups.onDidChangeTabs(() => this.#activeChanged()),
      vscode.workspace.onDidOpenNotebookDocument(() => this.#activeChanged()),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
        const edited =
          contentChanges.length > 0 || cellChanges.some(({ document }) => document !== undefined);
        if (edited) this.tell(NotebookEditedNotification, { uri: notebook.uri.toString(), closed: false });
      }),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed)
          if (input instanceof vscode.TabInputNotebook)
            this.tell(NotebookEditedNotification, { uri: input.uri.toString(), closed: true });
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        if (this.server.wanted) void this.server.restart();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (this.#failed && event.affectsConfiguration('initscope'))
          void this.server.restart().catch(() => {});
      }),
    );
    this.#activeChanged();
  }

  /** The running server's client, started now if need be. Rejects when it cannot start; the status says why. */
  client(): Promise<Client> {
    return this.server.client();
  }

  /** Sends a request to the server, starting it if need be. */
  async ask<P extends object, R>(
    message: RequestMessage<P, R>,
    params: P,
    token?: vscode.CancellationToken,
  ): Promise<R> {
    return (await this.client()).request(message, params, token);
  }

  /** Sends a notification, if the server runs. */
  tell<P extends object>(message: NotificationMessage<P>, params: P): void {
    this.server.running?.notify(message, params);
  }

  /** A server has answered for the first time. */
  serverStarted(client: Client): void {
    client.listen(StatusNotification, (status) => {
      if (client === this.server.running) this.#setStatus(status);
    });
    client.listen(SettingProblemNotification, ({ message }) => this.#saySetting(message));
    this.#failed = false;
    this.#activeChanged();
    this.#started.fire();
  }

  /** Nothing is known of any file until another server has started. */
  serverEnded(): void {
    this.statuses.clear();
    this.#showStatus();
  }

  /** The server is gone until a person restarts it or changes a setting. */
  serverFailed(message: string): void {
    this.#failed = true;
    this.log.error(message);
    this.#item.failed(message);
  }

  /** The file that a command is about: the given one, else the one the person looks at. */
  target(given?: unknown): vscode.Uri | undefined {
    const uri =
      typeof given === 'string' ? vscode.Uri.parse(given) : given instanceof vscode.Uri ? given : undefined;
    const shown = uri ?? activeUri();
    if (shown === undefined) return undefined;
    const real = realUri(shown.toString());
    return real === undefined ? shown : vscode.Uri.parse(real);
  }

  /** Whether a file that is open looks as if it held a model: by its name, its first characters, or the cells of a notebook. */
  mayHoldModel(uri: vscode.Uri): boolean {
    return isArchive(uri.path) || this.candidates.has(uri) || buildsModels(uri);
  }

  dispose(): void {
    this.server.dispose();
  }

  #setStatus(status: ModelStatus): void {
    this.statuses.set(vscode.Uri.parse(status.uri).toString(), status);
    this.#status.fire(status);
    this.#showStatus();
  }

  #activeChanged(): void {
    const uri = this.target();
    this.tell(ActiveNotification, { uri: uri?.toString() ?? null });
    this.#showStatus();
  }

  #showStatus(): void {
    const uri = this.target();
    const known = uri === undefined ? undefined : this.statuses.get(uri.toString());
    const candidate = uri !== undefined && this.mayHoldModel(uri);
    this.#item.show(candidate, known, this.server.running !== undefined);
    void vscode.commands.executeCommand('setContext', 'initscope.modelActive', candidate);
  }

  /** Named once in a window, and together when several are wrong at once. */
  #saySetting(message: string): void {
    if (this.#saidSettings.has(message)) return;
    this.#saidSettings.add(message);
    this.#wrongSettings.push(message);
    if (this.#wrongSettings.length === 1) setTimeout(() => this.#sayWrongSettings(), 100);
  }

  #sayWrongSettings(): void {
    const message = this.#wrongSettings.splice(0).join(' ');
    const open = 'Open Settings';
    void vscode.window.showWarningMessage(`Initscope: ${message}`, open).then((chosen) => {
      if (chosen === open)
        void vscode.commands.executeCommand('workbench.action.openSettings', '@ext:initscope.initscope');
    });
  }
}

/** Whether an open notebook imports a framework of ours. */
function buildsModels(uri: vscode.Uri): boolean {
  const notebook = vscode.workspace.notebookDocuments.find((each) => each.uri.toString() === uri.toString());
  return (
    notebook?.getCells().some(({ document }) => isCandidate(document.languageId, document.getText())) === true
  );
}

function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputNotebook) return input.uri;
  // A text above 50 MB is shown and handed to no extension: only its tab tells of it.
  const shown = input instanceof vscode.TabInputText ? input.uri : undefined;
  return vscode.window.activeTextEditor?.document.uri ?? shown;
}
