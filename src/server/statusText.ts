import type { Finding } from '../model/finding.ts';
import type { Problem } from '../model/problem.ts';
import { isPython } from '../protocol/candidate.ts';
import type { ModelStatus } from '../protocol/status.ts';
import type { FileState } from './fileState.ts';
import { plural } from '../report/reportText.ts';
import { placedLine, problemHelp } from './problemText.ts';
import { questionsOf, questionsText } from './questions.ts';

/** `2 errors, 1 warning`, or `healthy`. */
export function countsText(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const parts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'healthy';
}

function worst(findings: readonly Finding[]): 'error' | 'warning' | 'information' | 'none' {
  const levels = ['error', 'warning', 'information'] as const;
  return levels.find((level) => findings.some(({ severity }) => severity === level)) ?? 'none';
}

function failedBy(problem: Problem, state: FileState, text: string): ModelStatus {
  const help = problemHelp(problem);
  const { uri } = state;
  const status = { uri, state: 'failed', text, detail: placedLine(problem, state) } as const;
  return help === '' ? status : { ...status, help };
}

/** The status of one file, from all that is known of it. */
export function statusOf(state: FileState): ModelStatus {
  const { uri } = state;
  const { work, failure, reading } = state;
  if (work !== undefined)
    return { uri, state: work.kind, text: work.kind, detail: work.detail, since: work.since };
  if (reading === undefined && state.readingSince !== undefined && !state.cleared)
    return {
      uri,
      state: 'reading',
      text: 'reading',
      detail: 'Read and predicted before it is measured.',
      since: state.readingSince,
    };
  if (failure !== undefined) return failedBy(failure, state, 'failed');
  if (state.cleared)
    return {
      uri,
      state: 'idle',
      text: 'cleared',
      detail:
        state.open === undefined && !state.archive
          ? 'Nothing is kept of a closed file. Inspect Model measures it.'
          : 'Results were cleared. Save or run Inspect Model to measure again.',
    };
  const results = state.results;
  const problem =
    state.fresh?.errors[0] ?? reading?.content.problems.find(({ severity }) => severity === 'error');
  const questions = questionsOf(state);
  if (questions.length > 0 && state.reports.length === 0)
    return {
      uri,
      state: 'asks',
      text: questionsText(questions),
      detail: `${questions.map(({ message }) => message).join('; ')}.`,
      severity: 'information',
    };
  if (problem !== undefined && reading?.content.models.length === 0)
    return failedBy(problem, state, 'cannot be read');
  if (results !== undefined && results.set.reports.length > 0) {
    const findings = results.set.reports.flatMap((report) => report.findings);
    const verdict = results.set.reports.map((report) => report.verdict).join(' ');
    const severity = worst(findings);
    if (results.stale)
      return {
        uri,
        state: 'stale',
        text: `${countsText(findings)} (stale)`,
        detail: `Measured before the last change: ${verdict}`,
        severity,
      };
    return { uri, state: 'verdict', text: countsText(findings), detail: verdict, severity };
  }
  if (problem !== undefined) return failedBy(problem, state, 'cannot be measured');
  if (reading === undefined) return { uri, state: 'idle', text: 'idle', detail: 'Not read yet.' };
  const { content } = reading;
  const skipped = content.skipped ?? state.fresh?.skipped[0]?.reason ?? content.notAModel;
  if (isPython(state.path) && content.skipped !== undefined) {
    const findings = content.findings ?? [];
    const text = findings.length === 0 ? 'not run' : `${countsText(findings)} (predicted)`;
    return { uri, state: 'idle', text, detail: content.skipped, severity: worst(findings) };
  }
  if (content.models.length === 0)
    return { uri, state: 'nothing', text: 'no model', detail: skipped ?? 'No model was found in this file.' };
  const findings = content.models.flatMap((model) => model.findings);
  return {
    uri,
    state: 'predicted',
    text: `${countsText(findings)} (predicted)`,
    detail: 'Read and predicted; not measured yet.',
    severity: worst(findings),
  };
}
