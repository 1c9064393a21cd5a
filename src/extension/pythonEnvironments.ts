import type * as vscode from 'vscode';

/** What we use of the API of ms-python.vscode-python-envs. */
interface EnvironmentsApi {
  getEnvironment(
    scope: vscode.Uri,
  ): Promise<{ readonly execInfo?: { readonly run?: { readonly executable?: string } } } | undefined>;
}

/** What we use of the API of ms-python.python. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: unknown,
    ): Promise<{ readonly executable?: { readonly uri?: { readonly fsPath: string } } } | undefined>;
  };
}

/** An installed extension, or undefined; `vscode.extensions.getExtension`. */
export type Extensions = (id: string) => { activate(): Thenable<unknown> } | undefined;

async function ofEnvironments(extensions: Extensions, file: vscode.Uri): Promise<string | undefined> {
  const api = (await extensions('ms-python.vscode-python-envs')?.activate()) as EnvironmentsApi | undefined;
  return (await api?.getEnvironment(file))?.execInfo?.run?.executable;
}

async function ofPython(extensions: Extensions, file: vscode.Uri): Promise<string | undefined> {
  const api = (await extensions('ms-python.python')?.activate()) as PythonApi | undefined;
  const chosen = api?.environments?.getActiveEnvironmentPath(file);
  if (chosen === undefined) return undefined;
  return (await api?.environments?.resolveEnvironment(chosen))?.executable?.uri?.fsPath;
}

/**
 * The interpreter that a person chose for a file in VS Code: by Python Environments, else by the Python extension; undefined where neither is
 * installed, names one, or answers.
 */
export async function chosenInterpreter(
  extensions: Extensions,
  file: vscode.Uri,
): Promise<string | undefined> {
  for (const ask of [ofEnvironments, ofPython]) {
    const found = await ask(extensions, file).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}
