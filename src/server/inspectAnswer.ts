import type { InspectAnswer } from '../protocol/lsp.ts';
import type { FileState } from './fileState.ts';
import { placedLine } from './problemText.ts';

/** What an inspection that has ended gave, in one line for whoever asked: the verdicts, else why there are none. */
export function inspectAnswer(state: FileState): InspectAnswer {
  if (state.failure !== undefined) return { ok: false, message: placedLine(state.failure, state) };
  const { content } = state.reading ?? {};
  const error = state.fresh?.errors[0] ?? content?.problems.find(({ severity }) => severity === 'error');
  const reports = state.reports;
  if (reports.length > 0)
    return { ok: true, message: reports.map(({ model, verdict }) => `${model}: ${verdict}`).join(' ') };
  if (content?.models.some(({ spec }) => spec.executable) === true && error === undefined)
    return { ok: false, message: 'Stopped before it was measured.', stopped: true };
  const skipped = content?.skipped ?? content?.notAModel ?? state.fresh?.skipped[0]?.reason;
  const reason = error === undefined ? skipped : placedLine(error, state);
  return { ok: false, message: reason ?? 'No model was found in this file.' };
}
