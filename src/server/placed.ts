import type { StaticModel } from '../inspect/inspector.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { CellRange, Origin, TextRange } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import type { Report } from '../model/report.ts';
import type { Question } from '../model/reader.ts';
import type { FileState } from './fileState.ts';
import { diagnosticMessage } from './findingText.ts';
import { standsIn } from './layerAt.ts';
import { knownFromRun, presentReports } from './presentReports.ts';
import { isElsewhere, problemText } from './problemText.ts';
import { QUESTION_CODE, questionsOf } from './questions.ts';

/** Something to show at a place of a file's text. */
export interface Placed {
  readonly range: TextRange;
  /** Where it stands in a notebook. */
  readonly cell?: CellRange;
  readonly severity: Severity;
  readonly message: string;
  /** The rule's id. */
  readonly rule?: string;
  /** What it is when it is no finding. */
  readonly code?: string;
  readonly related: readonly { readonly origin: Origin; readonly message: string }[];
  readonly finding?: Finding;
  readonly stale: boolean;
}

const START: TextRange = { start: 0, end: 0 };

function placeProblem(problem: Problem, path: string): Placed {
  return {
    range: isElsewhere(problem, path) ? START : (problem.range ?? START),
    ...(problem.cell === undefined ? {} : { cell: problem.cell }),
    severity: problem.severity === 'error' ? 'error' : 'information',
    message: problemText(problem, path),
    related: [],
    stale: false,
  };
}

function placeQuestion({ message, guess, place }: Question): Placed {
  const guessed = guess === undefined ? '' : ` Initscope would guess ${guess}.`;
  return {
    range: place.range ?? START,
    ...(place.cell === undefined ? {} : { cell: place.cell }),
    severity: 'information',
    message: `${message}. It is needed to measure the model: answer it from the lightbulb.${guessed}`,
    code: QUESTION_CODE,
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

function placeFinding(
  state: FileState,
  finding: Finding,
  layers: Layers,
  stale: boolean,
): Placed | undefined {
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
  if (!standsIn(state, origin)) related.unshift({ origin, message: `${finding.layer} is written here` });
  for (const other of layers.get(finding.layer) ?? [])
    if ((other.kind === 'definition' || other.kind === 'call') && !holds(other, origin))
      related.push({ origin: other, message: other.kind === 'call' ? 'Called here' : 'Defined here' });
  return {
    range: standsIn(state, origin) ? origin.range : START,
    ...(origin.cell === undefined ? {} : { cell: origin.cell }),
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
  const fromRun = knownFromRun(state);
  for (const report of presentReports(state)) {
    const model = models.find(({ spec }) => spec.id === report.modelId);
    const layers = results?.stale === true && !fromRun ? layersOfReading(model) : layersOfReport(report);
    if (results?.stale === true && model === undefined && !fromRun) continue;
    if (results?.stale !== true) covered.add(report.modelId);
    for (const finding of report.findings) {
      covered.add(`${report.modelId}\0${finding.id}`);
      placed.push(placeFinding(state, finding, layers, results?.stale ?? false));
    }
  }
  for (const model of models) {
    if (covered.has(model.spec.id)) continue;
    const layers = layersOfReading(model);
    for (const finding of model.findings)
      if (!covered.has(`${model.spec.id}\0${finding.id}`))
        placed.push(placeFinding(state, finding, layers, false));
  }
  return [...placed.filter((one) => one !== undefined), ...placeTextFindings(state)];
}

/** What the text alone shows, while nothing fresher says it. */
function placeTextFindings(state: FileState): Placed[] {
  const { reading, results } = state;
  if (results?.stale === false) return [];
  const said = new Set(
    (results?.set.reports ?? []).flatMap(({ findings }) => findings.map(({ rule }) => rule)),
  );
  return (reading?.content.findings ?? []).flatMap((finding) =>
    said.has(finding.rule) ? [] : (placeFinding(state, finding, new Map(), false) ?? []),
  );
}

/** Everything there is to show for a file's present text: problems first, then findings, each once. */
export function placeAll(state: FileState): Placed[] {
  if (state.cleared) return [];
  const problems = new Map<string, Placed>();
  const addProblem = (problem: Problem): void => {
    const placed = placeProblem(problem, state.path);
    problems.set(`${placed.range.start}\0${placed.message}`, placed);
  };
  const { reading } = state;
  reading?.content.problems.forEach(addProblem);
  for (const model of reading?.content.models ?? []) model.spec.problems.forEach(addProblem);
  const questions = questionsOf(state);
  const asked = new Set(questions.map(({ message }) => message));
  for (const error of state.fresh?.errors ?? []) if (!asked.has(error.message)) addProblem(error);
  for (const report of state.reports) report.problems.forEach(addProblem);
  return [...problems.values(), ...questions.map(placeQuestion), ...placeResults(state)];
}
