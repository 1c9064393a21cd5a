import { buildSpec } from '../../model/buildSpec.ts';
import { contentHash } from '../../model/hash.ts';
import type { Finding } from '../../model/finding.ts';
import type { Files } from '../../model/measurer.ts';
import { InputError, type Problem } from '../../model/problem.ts';
import type { ReadOptions, ReadResult } from '../../model/reader.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { withDisabled } from '../withDisabled.ts';
import { withSaved } from '../withSaved.ts';
import { disabledRules } from './disabled.ts';
import { evaluate, finalRaw, type Evaluation, type Found } from './evaluate.ts';
import { askCost, questionsOf } from './questions.ts';
import { lintSource } from './lint.ts';
import { excludedProblem, notRunProblem, unreachedProblem } from './notInspected.ts';
import { Places } from './places.ts';
import { buildsModels } from './program.ts';
import { looksMinified, MAX_SOURCE_LENGTH } from './syntax.ts';
import { gatherUnits } from './units.ts';
import { distinct, nameOf } from './variants.ts';
import { UNWATCHED } from './watch.ts';

const FRAMEWORK = 'TensorFlow.js source';
const MAX_VARIANTS = 6;

/** Reads the models that a TF.js source builds. Every way it can end is a ReadResult; only faults of ours throw. */
export async function readSource(
  path: string,
  text: string,
  files: Files,
  options: ReadOptions,
  watch = UNWATCHED,
): Promise<ReadResult> {
  const nothing = { models: [], problems: [] };
  if (text.length > MAX_SOURCE_LENGTH)
    return { ...nothing, skipped: 'too large for a source that builds models' };
  if (looksMinified(text))
    return { ...nothing, skipped: 'a minified bundle: open the source it was made from' };
  try {
    const units = await gatherUnits(path, text, files);
    const statics = units.units[0]?.source?.statics;
    if (statics === undefined || !buildsModels(statics)) {
      const loads = statics?.loadedModels[0];
      return {
        ...nothing,
        notAModel:
          loads === undefined
            ? 'no TensorFlow.js model is built in this file'
            : `no model is built in this file; it loads "${loads}"`,
      };
    }
    const own = units.units[0]?.source;
    const findings = own === undefined ? [] : lintSource(own.syntax, own.statics);
    const disabled = own === undefined ? [] : disabledRules(own.syntax);
    if (options.allowEvaluation === false)
      return {
        ...nothing,
        findings,
        disabled,
        skipped: 'sources are evaluated only in a trusted workspace; what their text alone shows is shown',
      };
    const result = assemble(await evaluate(units, options, watch), path, text, options);
    return { ...result, findings: notEvaluated(findings, result.models), disabled };
  } catch (error) {
    if (error instanceof InputError)
      return {
        models: [],
        problems: [{ ...error.problem, file: error.problem.file ?? path, severity: 'error' }],
      };
    if (error instanceof RangeError)
      return {
        models: [],
        problems: [{ file: path, message: 'the source is nested too deeply to be read', severity: 'error' }],
      };
    throw error;
  }
}

/** Findings of the text on calls that made no layer of a model: for the others the model says the same, and more. */
function notEvaluated(findings: readonly Finding[], models: readonly ModelSpec[]): Finding[] {
  const made = models.flatMap(({ layers }) => layers.flatMap(({ origins }) => origins.slice(0, 1)));
  return findings.filter(
    ({ origin: { file, range } }) =>
      !made.some(
        (origin) =>
          origin.file === file && origin.range.start <= range.start && origin.range.end >= range.end,
      ),
  );
}

function assemble(evaluation: Evaluation, path: string, text: string, options: ReadOptions): ReadResult {
  const places = new Places(evaluation.program);
  const hash = contentHash(text);
  const problems: Problem[] = [];
  const models: ModelSpec[] = [];
  const asking: Found[] = [];
  const used = new Map<string, number>();
  const bySite = new Map<number, Found[]>();
  for (const found of evaluation.found) bySite.set(found.site, [...(bySite.get(found.site) ?? []), found]);
  const sites = [...bySite].sort(([a], [b]) => startOf(places, a) - startOf(places, b));
  for (const [site, all] of sites) {
    const ready = distinct(all.filter((found) => found.outcome.kind === 'ready'));
    if (ready.length === 0) {
      const asks = all
        .filter((found) => found.outcome.kind === 'asks')
        .sort((a, b) => askCost(evaluation, a) - askCost(evaluation, b));
      if (asks[0] !== undefined) asking.push(asks[0]);
      else if (all[0]?.outcome.kind === 'excluded')
        problems.push(excludedProblem(places, site, path, all[0].outcome.reason));
      continue;
    }
    for (const found of ready.slice(0, MAX_VARIANTS)) {
      const name = nameOf(evaluation, found);
      const count = (used.get(name) ?? 0) + 1;
      used.set(name, count);
      try {
        const spec = specOf(evaluation, found, name, count, path, hash, options, places);
        if (spec !== undefined) models.push(spec);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems.push({
          ...error.problem,
          file: error.problem.file ?? path,
          message: `${name}: ${error.problem.message}`,
          severity: 'error',
        });
      }
    }
  }
  const questions = questionsOf(evaluation, asking, path, places);
  for (const site of evaluation.program.modelSites)
    if (!bySite.has(site)) problems.push(unreachedProblem(evaluation, places, site, path));
  for (const node of evaluation.program.notRun) problems.push(notRunProblem(node, path));
  if (evaluation.stopped !== undefined && models.length === 0 && questions.length === 0) {
    problems.unshift({
      file: path,
      message: `the source could not be evaluated: ${evaluation.stopped}`,
      severity: 'error',
    });
  }
  const nothing =
    models.length === 0 && questions.length === 0 && problems.every((problem) => problem.severity === 'note');
  const syntax = evaluation.program.units.units[0]?.source?.syntax;
  const checked = withDisabled(models, syntax === undefined ? [] : disabledRules(syntax), path);
  return {
    models: checked.models,
    problems: [...problems, ...checked.problems],
    ...(questions.length > 0 ? { questions } : {}),
    ...(nothing && evaluation.program.modelSites.size + evaluation.program.notRun.length === 0
      ? { notAModel: 'no TensorFlow.js model is built in this file' }
      : {}),
  };
}

function startOf(places: Places, site: number): number {
  return places.node(site)?.start ?? 0;
}

function specOf(
  evaluation: Evaluation,
  found: Found,
  name: string,
  count: number,
  path: string,
  hash: string,
  options: ReadOptions,
  places: Places,
): ModelSpec | undefined {
  const notes: Problem[] = [];
  const fns = new Set(found.model.sites.map((site) => evaluation.program.sites[site]?.fn));
  for (const note of evaluation.recording.notes) {
    if (
      note.kind !== 'assumed' ||
      note.run !== found.model.run ||
      !fns.has(evaluation.program.sites[note.site]?.fn)
    )
      continue;
    const others = (
      evaluation.recording.offered.find(([offered]) => offered === note.path)?.[1] ?? []
    ).filter((value) => value !== note.value);
    const origin = places.origin(note.site, 'layer');
    notes.push({
      file: origin.file,
      range: origin.range,
      severity: 'note',
      message: `${note.path} is not known here; ${JSON.stringify(note.value)} is taken.`,
      hint:
        others.length === 0
          ? `choose with --param ${note.path}=…`
          : `others: ${others.map((value) => JSON.stringify(value)).join(', ')}; choose with --param ${note.path}=…`,
    });
  }
  const outcome = finalRaw(evaluation, found.model, name, notes, options);
  if (outcome.kind !== 'ready') return undefined;
  const origin = outcome.raw.origin;
  const problems = outcome.notes.map((message): Problem => ({
    file: origin.file,
    range: origin.range,
    message,
    severity: 'note',
  }));
  const spec = buildSpec(
    { ...outcome.raw, problems: [...outcome.raw.problems, ...problems] },
    {
      id: count === 1 ? name : `${name}#${count}`,
      file: path,
      format: 'tfjs-source',
      framework: FRAMEWORK,
      semantics: {
        value: options.semantics ?? 'tfjs',
        from: options.semantics === undefined ? 'a TensorFlow.js source' : 'option',
      },
      contentHash: hash,
      options,
      ...(outcome.loss === undefined ? {} : { loss: { written: outcome.loss } }),
      savedWeights: outcome.saved !== undefined,
    },
  );
  return outcome.saved === undefined ? spec : withSaved(spec, outcome.saved);
}
