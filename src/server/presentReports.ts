import type { Origin } from '../model/origin.ts';
import type { Report } from '../model/report.ts';
import { isPython } from '../protocol/candidate.ts';
import type { FileState } from './fileState.ts';
import { moved } from './textMoves.ts';

const known = new WeakMap<FileState, { readonly revision: number; readonly reports: readonly Report[] }>();

function inPresentText(report: Report, state: FileState): Report {
  const place = (origin: Origin): Origin | undefined => {
    if (origin.file !== report.file) return origin;
    const range = moved(origin.range, state.moves);
    return range === undefined ? undefined : { ...origin, range };
  };
  const { layers, findings } = report;
  return {
    ...report,
    origin: place(report.origin) ?? { ...report.origin, range: { start: 0, end: 0 } },
    layers: layers.map((layer) => ({
      ...layer,
      origins: layer.origins.flatMap((each) => place(each) ?? []),
    })),
    findings: findings.flatMap((finding) => {
      const origin = place(finding.origin);
      return origin === undefined ? [] : [{ ...finding, origin }];
    }),
  };
}

/** Whether the layers of a file are known from its last run alone: Python is read by running it, and that a person does. */
export function knownFromRun(state: FileState): boolean {
  return isPython(state.path) && state.reading?.content.models.length === 0;
}

/** The reports of a file's last results. Those of a Python file follow the text as it moves, and lose what was deleted. */
export function presentReports(state: FileState): readonly Report[] {
  const reports = state.results?.set.reports ?? [];
  if (state.moves.length === 0 || state.fresh !== undefined || !knownFromRun(state)) return reports;
  const before = known.get(state);
  if (before?.revision === state.revision) return before.reports;
  const now = { revision: state.revision, reports: reports.map((report) => inPresentText(report, state)) };
  known.set(state, now);
  return now.reports;
}
