import type { LossStats, Measurement } from '../model/measurement.ts';
import type { DataSource, Plan, Start } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import type { Report } from '../model/report.ts';
import type { ModelSpec } from '../model/spec.ts';
import { predict } from '../theory/predict.ts';
import { advise } from './advising.ts';
import { look } from './looking.ts';
import type { Looked, Subject } from './looking.ts';
import type { Measuring } from './measuring.ts';
import { fastestBackend, makePlan } from './plan.ts';
import { reportLayers, layerEdges, repairProfile } from './reportLayers.ts';
import { reproduceCommand } from './reproduce.ts';
import type { InspectProgress, InspectRequest, InspectorParts } from './request.ts';
import { reportKey } from './specKey.ts';
import { compareStarts, missingWeights } from './starts.ts';
import { staticFindings } from './staticFindings.ts';
import { remaining, unusedComments } from './suppress.ts';
import { verdictSentence } from './verdict.ts';

/** One model on its way to a report. */
export interface Inspection {
  readonly parts: InspectorParts;
  readonly measuring: Measuring;
  readonly request: InspectRequest;
  readonly spec: ModelSpec;
  /** The user's data, once it has been read and fits the model. */
  readonly data?: DataSource;
  /** The text that edits are made in; undefined when there is none. */
  readonly text: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: InspectProgress) => void;
}

/** The plan of a model for this request. Throws an InputError for what is too large. */
export function planFor({ parts, request, spec, data }: Inspection, start: Start): Plan {
  const { backend: asked = 'auto', seeds, batch, budgetSeconds } = request;
  const choices = {
    ...(seeds === undefined ? {} : { seeds }),
    ...(batch === undefined ? {} : { batch }),
  };
  const fastest = spec.executable ? fastestBackend(spec, parts.backends, choices) : undefined;
  const own = spec.executable ? (asked === 'auto' ? fastest?.backend : asked) : 'python';
  const inPython = spec.format === 'python' && parts.python !== undefined;
  const backend = own === 'python' && spec.executable && !inPython ? fastest?.backend : own;
  if (backend === undefined) throw new Error('no backend can run here');
  const why =
    backend === 'python'
      ? `python: ${spec.framework} runs in your own interpreter`
      : asked === 'auto'
        ? (fastest?.why ?? '')
        : `${backend}: as asked`;
  return makePlan(spec, {
    backend,
    why,
    start,
    ...choices,
    ...(budgetSeconds === undefined ? {} : { budgetSeconds }),
    ...(data === undefined ? {} : { data }),
  });
}

/** What every study of a model says first: of what, and by which plan. */
export function studied({ request, spec }: Inspection, plan: Plan) {
  return { file: request.path, modelId: spec.id, model: spec.name, framework: spec.framework, plan };
}

/** Losses over seeds: the mean of each number, output by output. */
function meanLosses(spec: ModelSpec, measurement: Measurement): Report['loss'] {
  const [first] = measurement.seeds;
  const cut = new Set(spec.outputs.flatMap((output) => (output.cut === true ? [output.name] : [])));
  return (first?.losses ?? []).flatMap((loss, index) => {
    if (cut.has(loss.output)) return [];
    const all = measurement.seeds.flatMap(({ losses }) => losses[index] ?? []);
    const mean = (pick: (each: LossStats) => number) =>
      all.reduce((sum, each) => sum + pick(each), 0) / Math.max(1, all.length);
    const from = spec.outputs.find(({ name }) => name === loss.output)?.loss.from ?? 'head';
    return {
      output: loss.output,
      loss: loss.loss,
      value: mean(({ value }) => value),
      uninformed: mean(({ uninformed }) => uninformed),
      logitStd: mean(({ logitStd }) => logitStd),
      priorExcess: mean(({ priorExcess }) => priorExcess),
      from,
    };
  });
}

function base({ request, spec }: Inspection, plan: Plan) {
  return {
    file: request.path,
    modelId: spec.id,
    model: spec.name,
    format: spec.format,
    framework: spec.framework,
    semantics: spec.semantics,
    parameters: spec.parameters,
    plan,
    origin: spec.origin,
    edges: layerEdges(spec),
    problems: spec.problems,
    contentHash: spec.contentHash,
  };
}

function predictedReport(inspection: Inspection): Omit<Report, 'run'> {
  const { request, spec } = inspection;
  const prediction = predict(spec);
  const layers = reportLayers({ spec, prediction, distributions: false });
  const findings = staticFindings(spec, prediction, request);
  return {
    ...base(inspection, planFor(inspection, 'fresh')),
    reproduce: reproduceCommand(request, spec.id, undefined),
    verdict: verdictSentence(findings, layers, false),
    loss: [],
    starts: {},
    layers,
    findings,
    ...(request.distributions === true ? { spec } : {}),
  };
}

async function savedStart(
  inspection: Inspection,
  fresh: Looked,
  subject: Subject,
): Promise<Report['starts']> {
  const { request, spec } = inspection;
  const wanted = request.start === 'saved' || request.start === 'both';
  if (!wanted) return {};
  if (!spec.savedWeights)
    throw new InputError({
      message: `the model ${spec.name} carries no saved weights`,
      hint: 'leave --start out, or give the file that has the weights',
      range: spec.origin.range,
    });
  if (!spec.layers.some((layer) => layer.weights.some(({ saved }) => saved !== undefined)))
    throw new InputError({
      message: `the saved weights of ${spec.name} cannot be read out of a ${spec.format} file`,
      hint: 'leave --start out, or save the model as .h5 or for TensorFlow.js',
      range: spec.origin.range,
    });
  const plan = planFor(inspection, 'saved');
  const { measuring, signal } = subject;
  const saved = await measuring.measure(spec, [], plan, fresh.seeds, signal);
  return compareStarts(spec, subject.prediction, fresh.measurement, saved);
}

/** Whether somebody is shown singular values: views, and whoever compares saved weights with the draw. */
function showsSpectra({ distributions, start }: InspectRequest): boolean {
  return distributions === true || (start !== undefined && start !== 'fresh');
}

async function measuredReport(inspection: Inspection): Promise<Omit<Report, 'run'>> {
  const { request, spec, measuring, signal, onProgress, text } = inspection;
  const prediction = predict(spec);
  const planned = planFor(inspection, 'fresh');
  const subject: Subject = {
    spec,
    prediction,
    plan: planned,
    config: request.config,
    measuring: showsSpectra(request) ? measuring : measuring.withoutSpectra,
    signal,
    onProgress,
  };
  const looked = await look(subject);
  const kept = remaining(looked.findings, request.path, spec.id, {
    ...request,
    disabled: spec.disabled,
  });
  const { findings, repairs } = await advise(subject, looked, kept, text);
  const layers = reportLayers({
    spec,
    prediction,
    measurement: looked.measurement,
    twin: looked.twin,
    distributions: request.distributions === true,
  });
  const starts = await savedStart(inspection, looked, subject);
  const { backend, kernels } = looked.measurement.engine;
  const plan: Plan = { ...planned, backend, kernels, seeds: looked.seeds };
  return {
    ...base(inspection, plan),
    problems: [
      ...spec.problems,
      ...(starts.saved === undefined ? [] : missingWeights(spec)),
      ...unusedComments(spec.disabled, looked.findings, request.path),
    ],
    reproduce: reproduceCommand(request, spec.id, plan),
    verdict: verdictSentence(findings, layers, true, looked.tooFewSeeds ? looked.seeds.length : undefined),
    loss: meanLosses(spec, looked.measurement),
    starts,
    layers,
    findings,
    ...(repairs.length === 0 ? {} : { repairs: repairs.map((each) => repairProfile(layers, each)) }),
    ...(request.distributions === true ? { spec } : {}),
  };
}

/** The report of one model, from the cache when nothing it depends on has changed. Throws an InputError for bad input. */
export async function inspectModel(inspection: Inspection): Promise<Report> {
  const { parts, request, spec } = inspection;
  const started = parts.now();
  const run = (): Report['run'] => ({ elapsedMs: parts.now() - started, machine: parts.machine });
  if (request.predictOnly === true || (!spec.executable && parts.python === undefined))
    return { ...predictedReport(inspection), run: run() };
  const { path, config, select, ignore, baseline, start, distributions, options } = request;
  const choices = { path, config, select, ignore, baseline, start, distributions, options };
  const key = reportKey(spec, planFor(inspection, 'fresh'), choices, parts.version);
  const cached = await parts.cache?.get(key);
  if (cached !== undefined) return { ...cached, run: run() };
  const report: Report = { ...(await measuredReport(inspection)), run: run() };
  await parts.cache?.set(key, report);
  return report;
}
