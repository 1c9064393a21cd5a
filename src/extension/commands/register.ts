import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { chooseBackend, installNativeBackend } from './backend.ts';
import { applySuggested, copyFix, silenceFinding, useDataSample } from './fix.ts';
import { inspectModel, inspectWorkspace, stopMeasuring } from './inspect.ts';
import { NotNow, type Outcome } from './outcome.ts';
import { answerQuestions } from './questions.ts';
import { rewriteArchive } from './rewrite.ts';
import { clearResults, openExample, reportIssue, restartServer, showOutput } from './support.ts';
import { compareInitializers, runConvergenceProbe } from './studies.ts';
import { openFormattedModel, openReport, showRules, whyNothing } from './show.ts';

type Command = (app: App, ...args: unknown[]) => Promise<Outcome>;

const COMMANDS: Readonly<Record<string, Command>> = {
  inspectModel,
  inspectWorkspace,
  applySuggestedInitializers: applySuggested,
  useDataSample,
  openReport,
  openFormattedModel,
  compareInitializers,
  runConvergenceProbe,
  showRules,
  whyNothing,
  clearResults,
  restartServer,
  showOutput,
  chooseBackend,
  installNativeBackend,
  openExample,
  reportIssue,
  copyFix,
  silenceFinding,
  rewriteArchive,
  answerQuestions,
  stopMeasuring,
};

/** Registers every command; each works from the palette, and says so when it does not apply. */
export function registerCommands(app: App): void {
  for (const [name, command] of Object.entries(COMMANDS))
    app.context.subscriptions.push(
      vscode.commands.registerCommand(`initscope.${name}`, async (...args: unknown[]): Promise<Outcome> => {
        try {
          return await command(app, ...args);
        } catch (error) {
          if (error instanceof vscode.CancellationError) return 'Cancelled.';
          const message = error instanceof Error ? error.message : String(error);
          if (error instanceof NotNow) void vscode.window.showInformationMessage(`Initscope: ${message}`);
          else {
            app.log.error(`${name}: ${message}`);
            if (error instanceof Error && error.stack !== undefined) app.log.debug(error.stack);
            const log = 'Show Output';
            void vscode.window.showErrorMessage(`Initscope: ${message}`, log).then((chosen) => {
              if (chosen === log) app.log.show();
            });
          }
          return message;
        }
      }),
    );
}
