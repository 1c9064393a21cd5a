import * as vscode from 'vscode';
import { isPython } from '../protocol/candidate.ts';
import { chosenInterpreter } from './pythonEnvironments.ts';

/**
 * The interpreter for a Python file: the setting's, else the environment chosen in VS Code's Python extensions; undefined when neither
 * says, for other files, and in a restricted workspace.
 */
export async function interpreterFor(file: vscode.Uri): Promise<string | undefined> {
  if (!isPython(file.path) || !vscode.workspace.isTrusted) return undefined;
  const path: unknown = vscode.workspace.getConfiguration('initscope', file).get('python.path');
  if (typeof path === 'string' && path.trim() !== '') return path.trim();
  return chosenInterpreter((id) => vscode.extensions.getExtension(id), file);
}
