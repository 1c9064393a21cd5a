import type { EditResult } from '../model/change.ts';
import { PROBE_BATCHES } from '../model/probe.ts';
import { InputError } from '../model/problem.ts';
import type { Problem } from '../model/problem.ts';
import type { Report, ReportSet } from '../model/report.ts';
import type { ModelSpec } from '../model/spec.ts';
import { rewriteArchive } from '../readers/archive/rewrite.ts';
import { predict } from '../theory/predict.ts';
import { checkedData } from './checkedData.ts';
import { checkedEdit } from './checkedEdit.ts';
import { chosenModels, fileProblems } from './chosenModels.ts';
import { createMeasuring } from './measuring.ts';
import { compareCost, compareModel } from './compareModel.ts';
import { inspectModel } from './inspectModel.ts';
import type { Inspection } from './inspectModel.ts';
import { createPredictionMemories } from './predictionMemories.ts';
import { probeCost, probeModel } from './probing.ts';
import { lineStartsFor, originText, problemOf, readRequest } from './reading.ts';
import type { InspectProgress, InspectRequest, Inspector, InspectorParts, StaticModel } from './request.ts';
import { RULE_INFO } from './ruleList.ts';
import { measureScenario } from './scenario.ts';
import { scanCost, scanModel } from './scanning.ts';
import { staticFindings, textFindings } from './staticFindings.ts';
import { type Widths, widthsOf } from './widths.ts';
import { withPython } from './withPython.ts';

export type {
  Baseline,
  CompareCost,
  InspectProgress,
  InspectRequest,
  Inspector,
  InspectorParts,
  ProbeCost,
  ReportCache,
  RewriteResult,
  StaticModel,
  StaticReading,
} from './request.ts';

/** One problem for what every model of a file has in common. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

function rulesOf(reports: readonly Report[]): ReportSet['rules'] {
  const fired = new Set(reports.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  return Object.fromEntries(Object.entries(RULE_INFO).filter(([id]) => fired.has(id)));
}

/** The inspector over these parts. What it measured is remembered, so that the next call on the same model is quick. */
export function createInspector(parts: InspectorParts): Inspector {
  const { files } = parts;
  const predictions = createPredictionMemories();
  const measuring = createMeasuring(withPython(parts.measurer, parts.python), parts.version);

  /** Reads a file and takes each chosen model through `act`; bad input becomes problems. */
  const eachModel = async <T>(
    request: InspectRequest,
    signal: AbortSignal,
    onProgress: (progress: InspectProgress) => void,
    act: (inspection: Inspection, models: readonly ModelSpec[]) => Promise<T>,
    batches = 1,
  ) => {
    signal.throwIfAborted();
    onProgress({ phase: 'read', done: 0, total: 0 });
    const reading = await readRequest(request, files, parts.python, parts.sources);
    const chosen = chosenModels(request, reading.models);
    const errors = fileProblems(request, reading, chosen);
    const results: T[] = [];
    const text = await originText(request, reading, files, request.path);
    for (const spec of chosen) {
      signal.throwIfAborted();
      try {
        const data = await checkedData(spec, request, files, batches);
        const own = data === undefined ? {} : { data };
        const inspection = { parts, measuring, request, spec, text, signal, onProgress, ...own };
        results.push(await act(inspection, chosen));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        errors.push(problemOf(error, request.path));
      }
    }
    const lineStarts = await lineStartsFor(request, { ...reading, problems: errors }, files);
    return { results, errors, lineStarts, skipped: reading.skipped, questions: reading.questions ?? [] };
  };

  const inspect: Inspector['inspect'] = async (request, signal, onProgress = () => undefined) => {
    const { results, errors, lineStarts, skipped, questions } = await eachModel(
      request,
      signal,
      onProgress,
      inspectModel,
    );
    return {
      rules: rulesOf(results),
      reports: results,
      skipped: skipped === undefined ? [] : [{ file: request.path, reason: skipped }],
      errors,
      ...(questions.length === 0 ? {} : { questions }),
      lineStarts,
    };
  };

  return {
    inspect,
    compare: async (request, signal, onProgress = () => undefined) => {
      const { results, errors, lineStarts } = await eachModel(request, signal, onProgress, compareModel);
      return { comparisons: results, errors, lineStarts };
    },
    compareCosts: async (request, signal) => {
      const act = (inspection: Inspection) => Promise.resolve().then(() => compareCost(inspection));
      const { results, errors } = await eachModel(request, signal, () => undefined, act);
      return { costs: results, errors };
    },
    scenario: async (request, scenario, signal, onProgress = () => undefined) => {
      const act = (inspection: Inspection) => measureScenario(inspection, scenario);
      const { results, errors } = await eachModel(request, signal, onProgress, act);
      return { measured: results, errors };
    },
    probe: async (request, choices, signal, onProgress = () => undefined) => {
      const act = (inspection: Inspection) => probeModel(inspection, choices);
      const { results, errors, lineStarts } = await eachModel(
        request,
        signal,
        onProgress,
        act,
        PROBE_BATCHES,
      );
      return { probes: results, errors, lineStarts };
    },
    probeCosts: async (request, choices, signal) => {
      const act = (inspection: Inspection) => Promise.resolve().then(() => probeCost(inspection, choices));
      const { results, errors } = await eachModel(request, signal, () => undefined, act);
      return { costs: results, errors };
    },
    scan: async (request, choices, signal, onProgress = () => undefined) => {
      const read = (changed: InspectRequest) => readRequest(changed, files, parts.python, parts.sources);
      let widths: Promise<Widths> | undefined;
      const act = async (inspection: Inspection, models: readonly ModelSpec[]) => {
        const { text } = inspection;
        widths ??= widthsOf({ request, models, text, read, signal }, choices.parameter);
        return scanModel(inspection, choices, await widths);
      };
      const { results, errors, lineStarts } = await eachModel(request, signal, onProgress, act);
      return { scans: results, errors: withoutRepeats(errors), lineStarts };
    },
    scanCosts: async (request, choices, signal) => {
      const act = (inspection: Inspection) => Promise.resolve().then(() => scanCost(inspection, choices));
      const { results, errors } = await eachModel(request, signal, () => undefined, act);
      return { costs: results, errors };
    },
    readStatic: async (request, run) => {
      const python = run === true ? parts.python : undefined;
      const reading = await readRequest(request, files, python, parts.sources);
      const { models, problems, skipped, notAModel, questions, virtualText, cells } = reading;
      return {
        findings: textFindings(reading, request),
        models: models.map((spec): StaticModel => {
          const prediction = predict(spec, predictions.of(spec));
          return { spec, prediction, findings: staticFindings(spec, prediction, request) };
        }),
        problems,
        questions: questions ?? [],
        ...(skipped === undefined ? {} : { skipped }),
        ...(notAModel === undefined ? {} : { notAModel }),
        ...(virtualText === undefined ? {} : { virtualText }),
        ...(cells === undefined ? {} : { cells }),
      };
    },
    edit: async (request, modelId, changes): Promise<EditResult> => {
      const reading = await readRequest(request, files, parts.python, parts.sources);
      const spec = reading.models.find(({ id }) => id === modelId);
      const text = await originText(request, reading, files, request.path);
      if (spec === undefined || text === undefined)
        return {
          ok: false,
          refusal: { place: request.path, reason: `the file has no model ${modelId} any more` },
        };
      return checkedEdit(text, spec, changes, (changed) =>
        readRequest({ ...request, text: changed }, files, parts.python, parts.sources),
      );
    },
    rewrite: async (request, modelId, changes) => {
      const refuse = (reason: string) => ({ ok: false, refusal: { place: request.path, reason } }) as const;
      const reading = await readRequest(request, files, parts.python, parts.sources);
      const spec = reading.models.find(({ id }) => id === modelId);
      if (spec === undefined) return refuse(`the file has no model ${modelId} any more`);
      if (spec.format !== 'keras-archive') return refuse(`a ${spec.format} file is no .keras archive`);
      return rewriteArchive(await files.read(request.path), spec, changes);
    },
  };
}
