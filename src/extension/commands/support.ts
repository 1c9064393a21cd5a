import { readdir, readFile } from 'node:fs/promises';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ClearRequest } from '../../protocol/lsp.ts';
import type { App } from '../app.ts';
import { NotNow, type Outcome } from './outcome.ts';

/** Forgets every result. */
export async function clearResults(app: App): Promise<Outcome> {
  await app.ask(ClearRequest, {});
  return 'Cleared.';
}

/** Ends the server and starts it anew. */
export async function restartServer(app: App): Promise<Outcome> {
  await app.server.restart();
  return 'Restarted.';
}

/** Shows the log. */
export function showOutput(app: App): Promise<Outcome> {
  app.log.show();
  return Promise.resolve('');
}

/** Opens a copy of a shipped example, so that nothing of the extension can be changed by accident. */
export async function openExample(app: App, given?: unknown): Promise<Outcome> {
  const folder = app.context.asAbsolutePath('examples');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  const models = names.filter((name) => name !== 'initscope.json');
  if (models.length === 0) throw new NotNow('the examples are missing from this installation.');
  const picked =
    typeof given === 'string' && models.includes(given)
      ? given
      : await vscode.window.showQuickPick(models, { title: 'Open a copy of which example?' });
  if (picked === undefined) throw new vscode.CancellationError();
  const content = await readFile(join(folder, picked), 'utf8');
  const document = await vscode.workspace.openTextDocument({ language: 'json', content });
  await vscode.window.showTextDocument(document);
  return picked;
}

/** Opens a draft with versions and the end of the log. Nothing is sent: the person reads it and decides. */
export async function reportIssue(app: App): Promise<Outcome> {
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const content = [
    '# What happened?',
    '',
    '',
    '# What did you expect?',
    '',
    '',
    '# Versions',
    '',
    `- Initscope ${app.version}`,
    `- VS Code ${vscode.version} (${vscode.env.appName}, ${vscode.env.remoteName ?? 'local'})`,
    `- ${platform()} ${release()} ${arch()}, ${cpus().length} cores, ${gigabytes} GB, Node ${process.versions.node}`,
    '',
    '# End of the log (paths and model names are in it: read it before you share it)',
    '',
    '```',
    ...app.log.lastLines,
    '```',
    '',
  ].join('\n');
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
  return 'Opened a draft; nothing was sent.';
}
