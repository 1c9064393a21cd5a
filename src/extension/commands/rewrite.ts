import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isKerasArchive } from '../../protocol/candidate.ts';
import { RewritePreviewRequest, RewriteRequest, type RewriteParams } from '../../protocol/lspEdits.ts';
import type { App } from '../app.ts';
import { NotNow, targetOf, type Outcome } from './outcome.ts';

/** Lines of the diff shown in the question; a dialog does not scroll everywhere. */
const MOST_LINES = 24;

function shortened(diff: string): string {
  const lines = diff
    .trimEnd()
    .split('\n')
    .filter((line) => /^[+-](?![+-])/.test(line));
  const left = lines.length - MOST_LINES;
  return left <= 0 ? lines.join('\n') : `${lines.slice(0, MOST_LINES).join('\n')}\n… and ${left} more lines`;
}

/**
 * Writes the repair of one finding (by its id; of everything proven without it) into a `.keras` archive, after the person has seen
 * which file and which lines of its configuration change. `agreed` skips the question.
 */
export async function rewriteArchive(
  app: App,
  given?: unknown,
  finding?: unknown,
  agreed?: unknown,
): Promise<Outcome> {
  const chosen = typeof finding === 'string' ? { finding } : {};
  return rewriteWith(app, targetOf(app, given), chosen, agreed === true);
}

/** Writes what is chosen into a `.keras` archive, after the person has agreed. Throws NotNow with the reason why it cannot be. */
export async function rewriteWith(
  app: App,
  uri: vscode.Uri,
  chosen: Omit<RewriteParams, 'uri'>,
  agreed = false,
): Promise<Outcome> {
  const name = basename(uri.path);
  if (!isKerasArchive(uri.path)) throw new NotNow(`${name} is no .keras archive.`);
  const params = { ...chosen, uri: uri.toString() };
  const preview = await app.ask(RewritePreviewRequest, params);
  if ('reason' in preview) throw new NotNow(`${name}: ${preview.reason}`);
  const { repairs, diff, hash } = preview;
  if (!agreed) {
    const caveats = [...new Set(repairs.flatMap(({ caveat }) => caveat ?? []))];
    const detail = [
      ...repairs.map(({ title }) => `• ${title}`),
      '',
      'In its config.json:',
      shortened(diff),
      '',
      `Every other part of ${uri.fsPath} keeps its bytes. Undo does not bring the old file back.`,
      ...caveats,
    ].join('\n');
    const write = 'Rewrite';
    const picked = await vscode.window.showWarningMessage(`Rewrite ${name}?`, { modal: true, detail }, write);
    if (picked !== write) throw new vscode.CancellationError();
  }
  const answer = await app.ask(RewriteRequest, { ...params, hash });
  if (!answer.ok) throw new NotNow(`${name}: ${answer.message}`);
  vscode.window.setStatusBarMessage(`Initscope: rewrote ${name}`, 8000);
  return `Rewrote ${name}: ${answer.message}`;
}
