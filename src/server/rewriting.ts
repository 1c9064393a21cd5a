import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Connection } from 'vscode-languageserver';
import type { Finding } from '../model/finding.ts';
import { NotWritten, replaceFile } from '../node/textFile.ts';
import { type InspectAnswer } from '../protocol/lsp.ts';
import {
  RewritePreviewRequest,
  RewriteRequest,
  type RewriteParams,
  type RewritePreview,
} from '../protocol/lspEdits.ts';
import { chosenChanges, repairedUnasked } from '../report/chosenChanges.ts';
import { unifiedDiff } from '../report/unifiedDiff.ts';
import type { FileState } from './fileState.ts';
import { answer } from './messages.ts';
import type { Session } from './session.ts';
import { fileUri } from './view.ts';

interface Rewritten {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly preview: Exclude<RewritePreview, { readonly reason: string }>;
}

type Refused = Extract<RewritePreview, { readonly reason: string }>;

function wanted(findings: readonly Finding[], finding: string | undefined): readonly Finding[] {
  return finding === undefined
    ? findings.filter(repairedUnasked)
    : findings.filter(({ id }) => id === finding);
}

async function rewritten(
  session: Session,
  state: FileState | undefined,
  asked: RewriteParams,
): Promise<Rewritten | Refused> {
  const report = state?.reports.find(({ modelId }) => modelId === asked.modelId) ?? state?.reports[0];
  if (state === undefined || report === undefined)
    return { reason: 'The archive was not measured yet; run Inspect Model first.' };
  const { changes, repairs } =
    asked.changes === undefined
      ? chosenChanges(wanted(report.findings, asked.finding), true)
      : { changes: asked.changes, repairs: [{ title: 'The changes chosen in the report' }] };
  if (changes.length === 0) return { reason: 'No repair was proven for this file.' };
  const before = await readFile(state.path);
  const result = await session.work.rewrite(state, report.modelId, changes);
  if (!result.ok) return { reason: `${result.refusal.reason} (${result.refusal.place})` };
  const hash = createHash('sha256').update(before).update(result.bytes).digest('hex');
  const diff = unifiedDiff('config.json', result.text, result.edits);
  return { before, after: result.bytes, preview: { repairs, diff, hash } };
}

/**
 * Answers what rewriting a `.keras` archive would change, and does it: a new file beside the old one, renamed over it, and only
 * when both are what was shown. The archive is measured again afterwards.
 */
export function registerRewriting(connection: Connection, session: Session): void {
  const made = (asked: RewriteParams): Promise<Rewritten | Refused> =>
    rewritten(session, session.files.get(fileUri(asked.uri)), asked);

  answer(connection, RewritePreviewRequest, async (params): Promise<RewritePreview> => {
    const result = await made(params);
    return 'reason' in result ? result : result.preview;
  });

  answer(connection, RewriteRequest, async ({ hash, ...params }): Promise<InspectAnswer> => {
    const result = await made(params);
    if ('reason' in result) return { ok: false, message: result.reason };
    if (result.preview.hash !== hash)
      return { ok: false, message: 'The archive changed since its changes were shown; nothing was written.' };
    const uri = fileUri(params.uri);
    try {
      await replaceFile(session.state(uri).path, result.before, result.after);
    } catch (error) {
      if (error instanceof NotWritten) return { ok: false, message: `Not rewritten: ${error.message}.` };
      throw error;
    }
    session.replaced(uri);
    return { ok: true, message: result.preview.repairs.map(({ title }) => title).join('; ') };
  });
}
