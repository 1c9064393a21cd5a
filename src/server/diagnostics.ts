import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  DiagnosticSeverity,
  type Diagnostic,
  type Location,
  type Position,
  type Range,
} from 'vscode-languageserver';
import type { Severity } from '../model/finding.ts';
import type { Origin, TextRange } from '../model/origin.ts';
import { CLIENT_COMMANDS } from '../protocol/lsp.ts';
import { formattedUri } from '../protocol/virtual.ts';
import { RENDERED_LINE, type FileState } from './fileState.ts';
import { standsIn } from './layerAt.ts';
import { placeAll, type Placed } from './placed.ts';
import type { View } from './view.ts';

/** What the diagnostics depend on beside the file. */
export interface DiagnosticOptions {
  /** Show findings of severity `hint`. */
  readonly hints: boolean;
  /** Base URI of the rule pages. */
  readonly rulePages: string | undefined;
  readonly relatedInformation: boolean;
}

/** Carried with a diagnostic so that a code action finds its finding again. */
export interface DiagnosticData {
  readonly finding: string;
  readonly model?: string;
}

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Code of the diagnostic on a line that is too long to be rendered. */
export const LONG_LINE_CODE = 'long-line';

/** The part of a range that is underlined: all of it on one line; of a JSON object over several lines its class name, else its first line. */
function shownRange(range: TextRange, view: View): Range {
  const whole = view.rangeOf(range);
  if (whole.start.line === whole.end.line) return whole;
  const text = view.text.slice(range.start, range.end);
  const named = /"class_?[nN]ame"\s*:\s*("[^"\n]*")/.exec(text);
  if (text.startsWith('{') && named?.[1] !== undefined) {
    const end = range.start + named.index + named[0].length;
    return view.rangeOf({ start: end - named[1].length, end });
  }
  const first = /^[^\r\n]*/.exec(text)?.[0].length ?? 0;
  return view.rangeOf({ start: range.start, end: range.start + first });
}

/** Where an origin stands: in this view, or in a file that the model's file imports. */
function locationOf(origin: Origin, view: View, state: FileState): Location {
  if (standsIn(state, origin)) return { uri: view.uri, range: shownRange(origin.range, view) };
  const starts = state.results?.set.lineStarts[origin.file] ?? [0];
  const place = (offset: number): Position => {
    const line = Math.max(
      0,
      starts.findLastIndex((start) => start <= offset),
    );
    return { line, character: offset - (starts[line] ?? 0) };
  };
  const start = place(origin.range.start);
  const end = place(origin.range.end);
  const uri = pathToFileURL(resolve(dirname(state.path), origin.file)).href;
  return { uri, range: { start, end: end.line === start.line ? end : start } };
}

function pageOf(
  rule: string | undefined,
  { rulePages }: DiagnosticOptions,
): Pick<Diagnostic, 'codeDescription'> {
  if (rule === undefined || rulePages === undefined) return {};
  return { codeDescription: { href: `${rulePages}${rule}.md` } };
}

function toDiagnostic(placed: Placed, view: View, state: FileState, options: DiagnosticOptions): Diagnostic {
  const { rule, code = rule, finding } = placed;
  const data: DiagnosticData | undefined = finding === undefined ? undefined : { finding: finding.id };
  return {
    range: shownRange(placed.range, view),
    severity: SEVERITY[placed.severity],
    source: 'Initscope',
    message: placed.message,
    ...(code === undefined ? {} : { code }),
    ...pageOf(rule, options),
    ...(data === undefined ? {} : { data }),
    ...(placed.related.length === 0 || !options.relatedInformation
      ? {}
      : {
          relatedInformation: placed.related.map(({ origin, message }) => ({
            location: locationOf(origin, view, state),
            message,
          })),
        }),
  };
}

function longLine(state: FileState, line: number): Diagnostic {
  return {
    range: { start: { line, character: 0 }, end: { line, character: 1 } },
    severity: DiagnosticSeverity.Information,
    source: 'Initscope',
    code: LONG_LINE_CODE,
    message: `This line has more than ${RENDERED_LINE.toLocaleString('en')} characters; editors do not show what lies beyond. Open the formatted model to see every finding at its place (quick fix, or the command Initscope: Open Formatted Model).`,
    data: { command: CLIENT_COMMANDS.openFormatted, uri: formattedUri(state.uri) },
  };
}

/** The diagnostics of a file as one of its views shows them. */
export function diagnosticsFor(state: FileState, view: View, options: DiagnosticOptions): Diagnostic[] {
  const found = placeAll(state)
    .filter(({ severity }) => options.hints || severity !== 'hint')
    .map((placed) => toDiagnostic(placed, view, state, options));
  if (!view.formatted && !state.cleared && state.longLine >= 0)
    found.unshift(longLine(state, state.longLine));
  return found;
}

/** The diagnostics of a notebook by the URI of the cell they stand in; what stands in no cell is shown on the first. */
export function notebookDiagnostics(
  state: FileState,
  view: View,
  options: DiagnosticOptions,
): Map<string, Diagnostic[]> {
  const byCell = new Map<string, Diagnostic[]>(state.cells.map((cell) => [cell, []]));
  for (const placed of placeAll(state)) {
    if (!options.hints && placed.severity === 'hint') continue;
    const { relatedInformation: _elsewhere, ...diagnostic } = toDiagnostic(placed, view, state, options);
    const { index = 0, startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = placed.cell ?? {};
    const range = {
      start: { line: startLine, character: startColumn },
      end: { line: endLine, character: endColumn },
    };
    byCell.get(state.cells[index] ?? '')?.push({ ...diagnostic, range });
  }
  return byCell;
}

/** An archive's own diagnostic: one line at its start that says what its configuration's document shows in full. */
export function archiveSummary(state: FileState, options: DiagnosticOptions): Diagnostic[] {
  const placed = placeAll(state).filter(({ severity }) => severity === 'error' || severity === 'warning');
  const first = placed[0];
  if (first === undefined) return [];
  const more = placed.length > 1 ? ` And ${placed.length - 1} more in the formatted configuration.` : '';
  const worst = placed.some(({ severity }) => severity === 'error');
  return [
    {
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      severity: worst ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      source: 'Initscope',
      message: `${first.message}${more}`,
      ...(first.rule === undefined ? {} : { code: first.rule }),
      ...pageOf(first.rule, options),
      ...(first.finding === undefined
        ? {}
        : {
            relatedInformation: [
              {
                location: {
                  uri: formattedUri(state.uri),
                  range: state.reading === undefined ? ZERO : rangeIn(state, first),
                },
                message: 'In the configuration of the archive',
              },
            ],
          }),
    },
  ];
}

const ZERO = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function rangeIn(state: FileState, placed: Placed): typeof ZERO {
  const document = state.formatted()?.document;
  if (document === undefined) return ZERO;
  return { start: document.positionAt(placed.range.start), end: document.positionAt(placed.range.end) };
}
