import * as vscode from 'vscode';

type Window = typeof vscode.window;
type Stand = { readonly [name in keyof Window]?: unknown };
type Ask = (message: string, options: vscode.MessageOptions, ...choices: string[]) => Thenable<unknown>;

/** One question that the extension asked in a dialog. */
export interface Question {
  readonly message: string;
  readonly detail: string;
  readonly modal: boolean;
  readonly choices: readonly string[];
}

/** Runs `act` while functions of `vscode.window` are replaced: the extension sees the very object that its tests see. */
async function standingIn(stands: Stand, act: () => Thenable<unknown>): Promise<void> {
  const window = vscode.window as { -readonly [name in keyof Window]: unknown };
  const real = { ...vscode.window };
  Object.assign(window, stands);
  try {
    await act();
  } finally {
    for (const name of Object.keys(stands) as (keyof Window)[]) window[name] = real[name];
  }
}

/** Runs `act` while dialogs, which VS Code refuses to show in tests, are answered with `answer` (undefined: dismissed); returns what was asked. */
export async function answering(
  answer: string | undefined,
  act: () => Thenable<unknown>,
): Promise<Question[]> {
  const asked: Question[] = [];
  const ask: Ask = (message, options, ...choices) => {
    if (typeof options === 'object')
      asked.push({ message, detail: options.detail ?? '', modal: options.modal ?? false, choices });
    return Promise.resolve(choices.find((choice) => choice === answer));
  };
  await standingIn({ showInformationMessage: ask, showWarningMessage: ask }, act);
  return asked;
}

/** Runs `act` and returns what it announced by notifications, ours and those of the language client, in their order; `act` may look at what came so far. */
export async function notified(act: (told: readonly string[]) => Thenable<unknown>): Promise<string[]> {
  const told: string[] = [];
  const tell = (message: string): Promise<undefined> => {
    told.push(message);
    return Promise.resolve(undefined);
  };
  const stands = { showInformationMessage: tell, showWarningMessage: tell, showErrorMessage: tell };
  await standingIn(stands, () => act(told));
  return told;
}

/** Runs `act` while input boxes get this text (undefined: dismissed); returns what each says of a text that it refuses. */
export async function typing(text: string | undefined, act: () => Thenable<unknown>): Promise<string[]> {
  const refusals: string[] = [];
  const showInputBox = async ({ validateInput }: vscode.InputBoxOptions): Promise<string | undefined> => {
    refusals.push(String(await validateInput?.(' ')));
    return text;
  };
  await standingIn({ showInputBox }, act);
  return refusals;
}

/** Runs `act` while lists of choices get the one of this label (undefined: dismissed); returns the labels offered. */
export async function picking(label: string | undefined, act: () => Thenable<unknown>): Promise<string[]> {
  const offered: string[] = [];
  const showQuickPick = (items: readonly (vscode.QuickPickItem | string)[]): Promise<unknown> => {
    const labelOf = (item: vscode.QuickPickItem | string): string =>
      typeof item === 'string' ? item : item.label;
    offered.push(...items.map(labelOf));
    return Promise.resolve(items.find((item) => labelOf(item) === label));
  };
  await standingIn({ showQuickPick }, act);
  return offered;
}

/** Runs `act` while dialogs that ask for a file get this one (undefined: dismissed). */
export function choosing(file: vscode.Uri | undefined, act: () => Thenable<unknown>): Promise<void> {
  return standingIn({ showOpenDialog: () => Promise.resolve(file && [file]) }, act);
}

/** Runs `act` while every progress notification is cancelled, as by its button, once a report of it matches `at`. */
export function cancellingAt(at: RegExp, act: () => Thenable<unknown>): Promise<void> {
  const withProgress = (_: vscode.ProgressOptions, task: Parameters<Window['withProgress']>[1]) => {
    const source = new vscode.CancellationTokenSource();
    const report = ({ message }: { message?: string }): void => {
      if (at.test(message ?? '')) setTimeout(() => source.cancel(), 300);
    };
    return task({ report }, source.token);
  };
  return standingIn({ withProgress }, act);
}
