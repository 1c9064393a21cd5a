import type { StaticModel } from '../inspect/inspector.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { Origin, TextRange } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import type { Report } from '../model/report.ts';
import { isPython } from '../protocol/candidate.ts';
import type { FileState } from './fileState.ts';
import { diagnosticMessage } from './findingText.ts';

/** Something to show at a place of a file's text. */
export interface Placed {
  readonly range: TextRange;
  readonly severity: Severity;
  readonly message: string;
  /** The rule's id. */
  readonly rule?: string;
  readonly related: readonly { readonly origin: Origin; readonly message: string }[];
  readonly finding?: Finding;
  readonly stale: boolean;
}

const START: TextRange = { start: 0, end: 0 };

function problemText(problem: Problem): string {
  const parts = [problem.message];
  if (problem.found !== undefined) parts.push(`Found: ${problem.found}.`);
  if (problem.expected !== undefined) parts.push(`Expected: ${problem.expected}.`);
  if (problem.hint !== undefined) parts.push(problem.hint);
  return parts.join('\n');
}

function placeProblem(problem: Problem): Placed {
  return {
    range: problem.range ?? START,
    severity: problem.severity === 'error' ? 'error' : 'information',
    message: problemText(problem),
    related: [],
    stale: false,
  };
}

type Layers = ReadonlyMap<string, readonly Origin[]>;

function layersOfReport(report: Report): Layers {
  return new Map(report.layers.map((layer) => [layer.id, layer.origins]));
}

function layersOfReading(model: StaticModel | undefined): Layers {
  return new Map((model?.spec.layers ?? []).map((layer) => [layer.id, layer.origins]));
}

/** The place in the present text that corresponds to an origin found in an earlier one. */
function anchor(origin: Origin, origins: readonly Origin[] | undefined): Origin | undefined {
  return (
    origins?.find((other) => other.kind === origin.kind && other.weight === origin.weight) ?? origins?.[0]
  );
}

/** Echoes named in full; more would bury the finding itself. */
const MOST_ECHOES = 3;

function holds(outer: Origin, inner: Origin): boolean {
  const { start, end } = inner.range;
  return outer.file === inner.file && outer.range.start <= start && end <= outer.range.end;
}

function placeFinding(finding: Finding, layers: Layers, stale: boolean, file: string): Placed | undefined {
  const origin = stale ? anchor(finding.origin, layers.get(finding.layer)) : finding.origin;
  if (origin === undefined) return undefined;
  const echoes = finding.echoes.flatMap((echo) => {
    const place = layers.get(echo.layer)?.[0];
    return place === undefined ? [] : [{ origin: place, message: `${echo.layer}: ${echo.message}` }];
  });
  const related = echoes.slice(0, MOST_ECHOES);
  const left = echoes.length - related.length;
  const next = echoes[MOST_ECHOES];
  if (next !== undefined) related.push({ ...next, message: `${next.message} (${left} layers in all)` });
  for (const other of layers.get(finding.layer) ?? [])
    if ((other.kind === 'definition' || other.kind === 'call') && !holds(other, origin))
      related.push({ origin: other, message: other.kind === 'call' ? 'Called here' : 'Defined here' });
  return {
    range: origin.file === file || origin.virtual === true ? origin.range : START,
    severity: finding.severity,
    message: diagnosticMessage(finding, stale),
    rule: finding.rule,
    related,
    finding,
    stale,
  };
}

function placeResults(state: FileState): Placed[] {
  const results = state.results;
  const models = state.reading?.content.models ?? [];
  const placed: (Placed | undefined)[] = [];
  const covered = new Set<string>();
  for (const report of results?.set.reports ?? []) {
    const model = models.find(({ spec }) => spec.id === report.modelId);
    // A Python file is read by running it only: what its last run found stays in its place, marked stale.
    const unread = models.length === 0 && isPython(state.path);
    const layers = results?.stale === true && !unread ? layersOfReading(model) : layersOfReport(report);
    if (results?.stale === true && model === undefined && !unread) continue;
    if (results?.stale !== true) covered.add(report.modelId);
    for (const finding of report.findings) {
      covered.add(`${report.modelId}\0${finding.id}`);
      placed.push(placeFinding(finding, layers, results?.stale ?? false, report.file));
    }
  }
  for (const model of models) {
    if (covered.has(model.spec.id)) continue;
    const layers = layersOfReading(model);
    for (const finding of model.findings)
      if (!covered.has(`${model.spec.id}\0${finding.id}`))
        placed.push(placeFinding(finding, layers, false, model.spec.file));
  }
  return [...placed.filter((one) => one !== undefined), ...placeTextFindings(state)];
}

/** What the text alone shows, while nothing fresher says it. */
function placeTextFindings({ reading, results, path }: FileState): Placed[] {
  if (results?.stale === false) return [];
  const said = new Set(
    (results?.set.reports ?? []).flatMap(({ findings }) => findings.map(({ rule }) => rule)),
  );
  return (reading?.content.findings ?? []).flatMap((finding) =>
    said.has(finding.rule) ? [] : (placeFinding(finding, new Map(), false, path) ?? []),
  );
}

/** Everything there is to show for a file's present text: problems first, then findings, each once. */
export function placeAll(state: FileState): Placed[] {
  if (state.cleared) return [];
  const problems = new Map<string, Placed>();
  const addProblem = (problem: Problem): void => {
    const placed = placeProblem(problem);
    problems.set(`${placed.range.start}\0${placed.message}`, placed);
  };
  const { reading } = state;
  reading?.content.problems.forEach(addProblem);
  for (const model of reading?.content.models ?? []) model.spec.problems.forEach(addProblem);
  state.fresh?.errors.forEach(addProblem);
  for (const report of state.reports) report.problems.forEach(addProblem);
  for (const question of reading?.content.questions ?? [])
    addProblem({ ...question.place, message: question.message, severity: 'note' });
  return [...problems.values(), ...placeResults(state)];
}
