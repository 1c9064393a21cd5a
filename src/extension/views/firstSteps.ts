import { basename } from 'node:path';
import * as vscode from 'vscode';
import { CANDIDATE_LANGUAGES } from '../../protocol/candidate.ts';
import type { FirstStep, ViewState } from '../../protocol/webview.ts';

const COMMANDS: Readonly<Record<FirstStep, readonly [command: string, ...args: unknown[]]>> = {
  example: ['initscope.openExample'],
  file: ['initscope.inspectModel'],
  workspace: ['initscope.inspectWorkspace'],
  walkthrough: ['workbench.action.openWalkthrough', 'initscope.initscope#initscope.start', false],
};

/** What a view without a file can offer besides an example. */
export function whatIsOpen(): NonNullable<Extract<ViewState, { kind: 'empty' }>['open']> {
  const document = vscode.window.activeTextEditor?.document;
  const readable = document !== undefined && CANDIDATE_LANGUAGES.includes(document.languageId);
  return {
    folder: vscode.workspace.workspaceFolders !== undefined,
    ...(readable ? { file: basename(document.uri.path) } : {}),
  };
}

/** Does what a person chose in a view that has no file; the command itself says what goes wrong. */
export async function begin(step: FirstStep): Promise<null> {
  const [command, ...args] = COMMANDS[step];
  await vscode.commands.executeCommand(command, ...args);
  return null;
}
