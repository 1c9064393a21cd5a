import * as vscode from 'vscode';
import { isPython } from '../protocol/candidate.ts';

/** What we use of the API of the extension ms-python.python. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: unknown,
    ): Promise<{ readonly executable?: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/**
 * The interpreter for a Python file: the setting's, else the environment chosen in the Python extension; undefined when neither
 * says, for other files, and in a restricted workspace.
 */
export async function interpreterFor(file: vscode.Uri): Promise<string | undefined> {
  if (!isPython(file.path) || !vscode.workspace.isTrusted) return undefined;
  const path: unknown = vscode.workspace.getConfiguration('initscope', file).get('python.path');
  if (typeof path === 'string' && path.trim() !== '') return path.trim();
  const extension = vscode.extensions.getExtension<PythonApi | undefined>('ms-python.python');
  if (extension === undefined) return undefined;
  try {
    const { environments } = (await extension.activate()) ?? {};
    const chosen = environments?.getActiveEnvironmentPath(file);
    const found = chosen === undefined ? undefined : await environments?.resolveEnvironment(chosen);
    return found?.executable?.uri?.fsPath;
  } catch {
    return undefined;
  }
}
