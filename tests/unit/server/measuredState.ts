import { TextDocument } from 'vscode-languageserver-textdocument';
import type { InspectRequest } from '../../../src/inspect/request.ts';
import type { Report, ReportSet } from '../../../src/model/report.ts';
import { FileState } from '../../../src/server/fileState.ts';
import { fakeInspector } from '../../support/fakeInspector.ts';

const PATH = '/work/model.json';

function requestOf(text: string): InspectRequest {
  return {
    path: PATH,
    text,
    options: {},
    backend: 'auto',
    budgetSeconds: 10,
    config: { rules: {}, ignore: [], exclude: [], files: [] },
  };
}

/** What is known of a text that was opened and read by the stand-in inspector. */
export async function readState(text: string): Promise<FileState> {
  const state = new FileState(`file://${PATH}`, PATH, false);
  state.opened({ text, version: 1, languageId: 'json' });
  const content = await fakeInspector().readStatic(requestOf(text));
  state.reading = { text, document: TextDocument.create(state.uri, 'json', 1, text), content };
  return state;
}

/** What is known of it once it is measured, each report made into another. */
export async function measuredState(
  text: string,
  change: (report: Report) => Report = (report) => report,
): Promise<FileState> {
  const state = await readState(text);
  const set = await fakeInspector().inspect(requestOf(text), new AbortController().signal);
  const reports = set.reports.map(change);
  state.measured = { text, set: { ...set, reports } satisfies ReportSet, at: 0 };
  return state;
}
