import * as vscode from 'vscode';
import { App } from './app.ts';
import { registerCommands } from './commands/register.ts';
import { registerReportPanels } from './views/reportPanel.ts';
import { registerSideView } from './views/sideView.ts';
import { registerVirtualDocuments } from './virtualDocuments.ts';

/** What tests may do; given only when VS Code runs the extension's own tests. */
export interface TestApi {
  readonly activationMs: number;
  /** Replaces the server's program (undefined: ours again) and restarts it. */
  useServer(module: string | undefined): Promise<void>;
  /** Process id of the running server. */
  serverPid(): number | undefined;
  readonly app: App;
}

/** Called by VS Code when a document that may hold a model is open, or a command of ours is run. Only registers; the server starts when it is needed. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const started = performance.now();
  try {
    const app = new App(context);
    context.subscriptions.push(app);
    registerVirtualDocuments(app);
    registerSideView(app);
    app.openReport = registerReportPanels(app);
    registerCommands(app);
    app.watch();
    const activationMs = performance.now() - started;
    app.log.info(`Initscope ${app.version} activated in ${activationMs.toFixed(1)} ms`);
    if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
    return {
      activationMs,
      app,
      useServer: (module) => app.server.use(module),
      serverPid: () => app.server.running?.pid,
    };
  } catch (error) {
    void vscode.window.showErrorMessage(
      `Initscope could not start: ${error instanceof Error ? error.message : String(error)}`,
    );
    throw error;
  }
}

/** Called by VS Code before the extension host ends; the subscriptions end the server. */
export function deactivate(): void {}
