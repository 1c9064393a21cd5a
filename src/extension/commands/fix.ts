import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { WorkspaceEdit as ProtocolEdit } from 'vscode-languageserver-protocol';
import { isKerasArchive } from '../../protocol/candidate.ts';
import { type CopyFixArguments } from '../../protocol/lsp.ts';
import {
  DataSampleRequest,
  FixAllRequest,
  SilenceRequest,
  type EditAnswer,
} from '../../protocol/lspEdits.ts';
import type { App } from '../app.ts';
import { agreedTo } from './agreed.ts';
import { rewriteArchive } from './rewrite.ts';
import { NotNow, targetOf, type Outcome } from './outcome.ts';

function editFrom(edit: ProtocolEdit): vscode.WorkspaceEdit {
  const made = new vscode.WorkspaceEdit();
  for (const change of edit.documentChanges ?? []) {
    if ('kind' in change) {
      if (change.kind === 'create') made.createFile(vscode.Uri.parse(change.uri), { ignoreIfExists: true });
      continue;
    }
    const uri = vscode.Uri.parse(change.textDocument.uri);
    for (const one of change.edits) {
      if (!('newText' in one)) continue;
      const { start, end } = one.range;
      made.replace(uri, new vscode.Range(start.line, start.character, end.line, end.character), one.newText);
    }
  }
  return made;
}

function isDirty(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
}

/**
 * Applies an answer's edit. With `preview` its diff is shown first, and nothing is done unless the person agrees: then undefined. Throws
 * NotNow with the answer's reason.
 */
export async function applyAnswer(
  answer: EditAnswer,
  preview: boolean,
): Promise<vscode.WorkspaceEdit | undefined>;
export async function applyAnswer(answer: EditAnswer): Promise<vscode.WorkspaceEdit>;
export async function applyAnswer(
  answer: EditAnswer,
  preview = false,
): Promise<vscode.WorkspaceEdit | undefined> {
  if ('reason' in answer) throw new NotNow(answer.reason);
  const edit = editFrom(answer.edit);
  for (const [uri] of edit.entries())
    if (basename(uri.path) === 'initscope.json' && isDirty(uri))
      throw new NotNow('save or revert initscope.json first: it has changes that are not saved.');
  if (preview && !(await agreedTo(edit))) return undefined;
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('The editor did not accept the edit.');
  return edit;
}

/** Saves every document that an edit touched. */
export async function saveTouched(edit: vscode.WorkspaceEdit): Promise<void> {
  for (const [uri] of edit.entries()) await (await vscode.workspace.openTextDocument(uri)).save();
}

/** Applies everything proven in the file as one undo step; an archive is rewritten after a question. */
export async function applySuggested(app: App, given?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  if (isKerasArchive(uri.path)) return rewriteArchive(app, uri);
  const answer = await app.ask(FixAllRequest, { uri: uri.toString() });
  await applyAnswer(answer);
  return 'title' in answer ? answer.title : '';
}

/** Copies the snippet of a repair; asks for the framework when there are several. */
export async function copyFix(_app: App, given?: unknown): Promise<Outcome> {
  const choices = Array.isArray(given) ? (given as readonly CopyFixArguments[]) : [];
  if (choices.length === 0)
    throw new NotNow('put the cursor on a finding and choose Copy fix from its lightbulb.');
  const picked =
    choices.length === 1
      ? choices[0]
      : (
          await vscode.window.showQuickPick(
            choices.map((choice) => ({
              label: choice.framework,
              detail: choice.text.trim().split('\n')[0] ?? '',
              choice,
            })),
            { title: 'Copy the fix for which framework?' },
          )
        )?.choice;
  if (picked === undefined) throw new vscode.CancellationError();
  await vscode.env.clipboard.writeText(picked.text);
  vscode.window.setStatusBarMessage(`Initscope: copied the fix for ${picked.framework}`, 5000);
  return `Copied the fix for ${picked.framework}.`;
}

interface SilenceTarget {
  readonly uri: string;
  readonly rule: string;
  readonly layer?: string;
}

function isSilenceTarget(given: unknown): given is SilenceTarget {
  return typeof given === 'object' && given !== null && 'uri' in given && 'rule' in given;
}

/** Writes an ignore with a reason into `initscope.json`. */
export async function silenceFinding(app: App, given?: unknown, reasonGiven?: unknown): Promise<Outcome> {
  if (!isSilenceTarget(given))
    throw new NotNow('put the cursor on a finding and choose Silence from its lightbulb.');
  const { uri, rule, layer } = given;
  const reason =
    typeof reasonGiven === 'string'
      ? reasonGiven
      : await vscode.window.showInputBox({
          title: `Silence ${rule}${layer === undefined ? '' : ` on ${layer}`}`,
          prompt: 'Why is this meant to be so? The reason is written into initscope.json for the team.',
          validateInput: (text) => (text.trim() === '' ? 'A reason is needed.' : undefined),
        });
  if (reason === undefined) throw new vscode.CancellationError();
  const answer = await app.ask(SilenceRequest, {
    uri,
    rule,
    reason,
    ...(layer === undefined ? {} : { layer }),
  });
  await saveTouched(await applyAnswer(answer));
  return `Silenced ${rule}.`;
}

/** Lets a file be measured on rows of the person's own data, as `initscope.json` records. */
export async function useDataSample(app: App, given?: unknown, sampleGiven?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  if (!vscode.workspace.isTrusted) throw new NotNow('data files are only read in a trusted workspace.');
  const chosen =
    sampleGiven instanceof vscode.Uri
      ? [sampleGiven]
      : await vscode.window.showOpenDialog({
          title: `Data sample for ${basename(uri.path)}`,
          openLabel: 'Use Sample',
          filters: { 'NumPy or CSV': ['npy', 'npz', 'csv'] },
        });
  const sample = chosen?.[0];
  if (sample === undefined) throw new vscode.CancellationError();
  const answer = await app.ask(DataSampleRequest, { uri: uri.toString(), sample: sample.toString() });
  await saveTouched(await applyAnswer(answer));
  return `Measuring ${basename(uri.path)} on ${basename(sample.path)}.`;
}
