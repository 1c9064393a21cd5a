import { candidates } from '../../src/advice/candidates.ts';
import { outcome } from '../../src/advice/outcome.ts';
import { helps, rank, type Tried } from '../../src/advice/rank.ts';
import { divisorOf } from '../../src/advice/rescaling.ts';
import { twinChanges } from '../../src/advice/twin.ts';
import { openBackend, type EngineBackend } from '../../src/engine/backends.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import { makePlan } from '../../src/inspect/plan.ts';
import type { Change } from '../../src/model/change.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import type { Prediction } from '../../src/model/prediction.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import type { InputData } from '../../src/engine/inputs.ts';
import { readModels } from '../../src/readers/formats.ts';
import { dataRms } from '../../src/rules/inputScale.ts';
import { judge } from '../../src/rules/judge.ts';
import { predict } from '../../src/theory/predict.ts';
import type { Generated } from './families.ts';

/** What an inspection of a generated model gave. */
export interface Inspected {
  readonly spec: ModelSpec;
  readonly prediction: Prediction;
  readonly measurement: Measurement;
  readonly twin: Measurement | undefined;
  readonly findings: readonly Finding[];
  readonly data: InputData | undefined;
  readonly seconds: number;
}

let backend: Promise<EngineBackend> | undefined;

/** The one backend of the calibration. */
export const engine = (): Promise<EngineBackend> => (backend ??= openBackend('wasm'));

const NO_FILES = {
  size: () => Promise.reject(new Error('no files here')),
  read: () => Promise.reject(new Error('no files here')),
  beside: () => undefined,
  exists: () => Promise.resolve(false),
};

/** The spec of a generated model. Throws when it cannot be read. */
export async function specOf(model: Generated): Promise<ModelSpec> {
  const head = new TextEncoder().encode(model.text.slice(0, 4096));
  const file = { path: `${model.name}.json`, size: model.text.length, head, text: model.text };
  const read = await readModels(file, NO_FILES, { semantics: model.semantics });
  const [spec] = read.models;
  if (spec === undefined) throw new Error(`${model.name}: ${JSON.stringify(read)}`);
  return spec;
}

/** Measures with a set of changes at this many seeds, on data where some are given. */
export async function measure(
  spec: ModelSpec,
  changes: readonly Change[],
  seeds: number,
  data?: InputData,
): Promise<Measurement> {
  const plan = makePlan(spec, { backend: 'wasm', why: 'calibration', start: 'fresh' });
  const list = Array.from({ length: seeds }, (_, index) => index + 1);
  const hooks = { backend: await engine(), ...(data === undefined ? {} : { data }) };
  return measureSeeds({ spec, changes, plan, seeds: list }, hooks);
}

/** Reads, predicts, measures (5 seeds, 10 and 20 where undecided), judges with the twin where asked. */
export async function inspect(model: Generated): Promise<Inspected> {
  const started = performance.now();
  const spec = await specOf(model);
  const prediction = predict(spec);
  const config = DEFAULT_PROJECT_CONFIG;
  const { data } = model;
  let twin: Measurement | undefined;
  for (const seeds of [5, 10, 20]) {
    const measurement = await measure(spec, [], seeds, data);
    const facts = { spec, prediction, measurement, config, data: data !== undefined };
    let verdict = judge(facts);
    if (verdict.wantsTwin || twin !== undefined) {
      twin = await measure(spec, twinChanges(spec), seeds, data);
      verdict = judge({ ...facts, twin });
    }
    if (verdict.undecided && seeds < 20) continue;
    return {
      spec,
      prediction,
      measurement,
      twin,
      findings: verdict.findings,
      data,
      seconds: (performance.now() - started) / 1000,
    };
  }
  throw new Error('no look');
}

const dividedBy =
  (data: InputData, divisor: number): InputData =>
  (...asked) =>
    data(...asked)?.map((value) => value / divisor);

/** Measures the advice of a finding: whether any was offered, and whether the best one removes it. */
export async function tryAdvice(
  inspected: Inspected,
  finding: Finding,
): Promise<{ offered: boolean; removes: boolean; best: readonly Change[] }> {
  const { spec, prediction, measurement, twin, findings, data } = inspected;
  const seeds = measurement.seeds.length;
  const before = outcome(spec, measurement, findings);
  const tried: Tried[] = [];
  const input = spec.inputs.find(({ node }) =>
    spec.nodes.some(({ id, layer }) => id === node && layer === finding.layer),
  );
  const rms = input === undefined ? undefined : dataRms(measurement, input.node);
  const divided = data !== undefined && rms !== undefined ? dividedBy(data, divisorOf(rms)) : data;
  for (const changes of divided === data ? candidates(spec, finding) : [[]]) {
    const after = await measure(spec, changes, seeds, divided);
    const verdict = judge({
      spec,
      prediction,
      measurement: after,
      ...(twin === undefined ? {} : { twin }),
      config: DEFAULT_PROJECT_CONFIG,
      data: data !== undefined,
    });
    tried.push({ changes, after: outcome(spec, after, verdict.findings) });
  }
  const helpful = rank(tried.filter(({ after }) => helps(finding, before, after)));
  const best = helpful[0] ?? rank(tried)[0];
  return {
    offered: helpful.length > 0,
    removes: best !== undefined && !best.after.findings.includes(finding.rule),
    best: best?.changes ?? [],
  };
}
