import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileEdit } from '../model/change.ts';
import type { Advice, Finding } from '../model/finding.ts';
import { repairedUnasked } from '../report/chosenChanges.ts';
import { cellEdits } from './cells.ts';
import type { FileState } from './fileState.ts';

type Span = FileEdit['edits'][number];

/** Edits without doubles; of two that overlap the first stays. In the order of the text. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans) {
    const clash = kept.some(
      ({ range }) =>
        (span.range.start < range.end && range.start < span.range.end) ||
        (span.range.start === range.start && span.range.end === range.end),
    );
    if (!clash) kept.push(span);
  }
  return kept.sort((a, b) => a.range.start - b.range.start);
}

/** Whether every edit of this advice is for the file's present text. */
export function editsOf(state: FileState, advice: Advice): readonly FileEdit[] | undefined {
  if (state.fresh === undefined || advice.edit?.ok !== true) return undefined;
  return advice.edit.edits;
}

/** The advice to apply when one only is asked for: the preferred one, else the first that can be written. */
export function bestAdvice(state: FileState, finding: Finding): Advice | undefined {
  const possible = finding.advice.filter((advice) => (editsOf(state, advice)?.length ?? 0) > 0);
  return possible.find(({ preferred }) => preferred) ?? possible[0];
}

/** The workspace edit of these file edits. Files other than the state's own are named by path. Undefined when there is nothing to do. */
export function workspaceEdit(state: FileState, edits: readonly FileEdit[]): WorkspaceEdit | undefined {
  const spans = mergeSpans(edits.filter(({ file }) => isOwn(state, file)).flatMap((edit) => edit.edits));
  const foreign = edits.filter(({ file }) => !isOwn(state, file));
  if (foreign.length > 0 || spans.length === 0) return undefined;
  if (state.cells.length > 0) {
    const documentChanges = cellEdits(state, spans);
    return documentChanges === undefined ? undefined : { documentChanges };
  }
  const document =
    state.open === undefined ? undefined : TextDocument.create(state.uri, '', 0, state.open.text);
  if (document === undefined) return undefined;
  const textEdits: TextEdit[] = spans.map(({ range, text }) => ({
    range: { start: document.positionAt(range.start), end: document.positionAt(range.end) },
    newText: text,
  }));
  return {
    documentChanges: [
      { textDocument: { uri: state.uri, version: state.open?.version ?? null }, edits: textEdits },
    ],
  };
}

function isOwn(state: FileState, file: string): boolean {
  return file === state.path || (isAbsolute(file) && pathToFileURL(file).href === state.uri);
}

/** Everything proven in a file: the best advice of every warning and error, merged. */
export function everything(state: FileState): {
  readonly edits: readonly FileEdit[];
  readonly findings: number;
} {
  const edits: FileEdit[] = [];
  let findings = 0;
  for (const report of state.reports)
    for (const finding of report.findings.filter(repairedUnasked)) {
      const advice = bestAdvice(state, finding);
      if (advice === undefined) continue;
      findings++;
      edits.push(...(editsOf(state, advice) ?? []));
    }
  return { edits, findings };
}
