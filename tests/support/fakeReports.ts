import type { StaticModel, StaticReading } from '../../src/inspect/inspector.ts';
import type { Advice, AdviceOutcome, Finding } from '../../src/model/finding.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Report, ReportLayer, ReportSet } from '../../src/model/report.ts';
import type { LayerSpec, ModelSpec } from '../../src/model/spec.ts';

/** The plan of all that the stand-in measures. */
export const FAKE_PLAN: Plan = {
  backend: 'wasm',
  kernels: 'stock',
  batch: 32,
  seeds: [1, 2, 3, 4, 5],
  looks: [5],
  inputs: {},
  inputLaw: 'normal',
  start: 'fresh',
  size: { parameters: 1, multiplyAdds: 1, bytes: 1 },
  why: [],
};
/** What the stand-in says of its run. */
export const FAKE_RUN = { elapsedMs: 20, machine: 'test' };

interface FakeLayer {
  readonly spec: LayerSpec;
  readonly bad: boolean;
  readonly origin: Origin;
}

function fakeLayers(file: string, text: string): FakeLayer[] {
  const pattern = /\{\s*"name"\s*:\s*"([^"]*)"\s*,\s*"init"\s*:\s*"([^"]*)"\s*\}/g;
  return Array.from(text.matchAll(pattern), (match): FakeLayer => {
    const [whole, name = '', init = ''] = match;
    const end = match.index + whole.lastIndexOf('"') + 1;
    const origin: Origin = {
      file,
      range: { start: end - init.length - 2, end },
      kind: 'initializer',
      weight: 'kernel',
    };
    const layer: Origin = {
      file,
      range: { start: match.index, end: match.index + whole.length },
      kind: 'layer',
    };
    const spec: LayerSpec = {
      id: name,
      name,
      className: 'Dense',
      kind: 'dense',
      config: {},
      weights: [],
      roles: [],
      origins: [layer, origin],
      trainable: true,
    };
    return { spec, bad: init === 'bad', origin };
  });
}

function modelSpec(file: string, text: string, name: string, layers: readonly FakeLayer[]): ModelSpec {
  const start = text.indexOf('"model"');
  return {
    id: name,
    name,
    file,
    format: 'fake',
    framework: 'Fake 1',
    semantics: { value: 'keras3', from: 'the test' },
    graph: 'full',
    executable: true,
    layers: layers.map(({ spec }) => spec),
    nodes: layers.map(({ spec }, at) => {
      const before = layers[at - 1]?.spec.id;
      const inputs = before === undefined ? [] : [{ node: before, output: 0 }];
      return { id: spec.id, layer: spec.id, inputs, outputs: [[null, 8]] };
    }),
    inputs: [],
    outputs: [],
    parameters: { total: 1, trainable: 1 },
    savedWeights: false,
    origin: { file, range: { start, end: start + 7 }, kind: 'definition' },
    problems: [],
    contentHash: 'fake',
  };
}

/** The reading of a text that the stand-in takes for a model. */
export function readFake(file: string, text: string): StaticReading {
  const model = /"model"\s*:\s*"([^"]*)"/.exec(text);
  try {
    JSON.parse(text);
  } catch (error) {
    const message = `this is no JSON: ${String(error)}`;
    return { models: [], problems: [{ file, message, severity: 'error' }], questions: [] };
  }
  if (model === null) return { models: [], problems: [], questions: [], notAModel: 'no model in this JSON' };
  const layers = fakeLayers(file, text);
  const spec = modelSpec(file, text, model[1] ?? '', layers);
  const models: StaticModel[] = [{ spec, prediction: { nodes: {}, unpredicted: [] }, findings: [] }];
  return { models, problems: [], questions: [] };
}

const outcome = (gradientRatio: number): AdviceOutcome => ({
  drift: 1,
  signalRatio: 1,
  gradientRatio,
  dead: 0,
  saturated: 0,
  initialLoss: 2.3,
  findings: [],
});

function fakeFinding(layer: FakeLayer): Finding {
  const { spec, origin } = layer;
  const edits = [{ range: origin.range, text: '"good"' }];
  const advice: Advice = {
    title: 'good instead of bad',
    changes: [
      {
        layers: [spec.id],
        weight: 'kernel',
        initializer: { id: 'good', params: {}, seed: null, written: 'good' },
      },
    ],
    edit: { ok: true, edits: [{ file: origin.file, contentHash: 'fake', edits }] },
    snippet: { keras3: 'init="good"', keras2: 'init="good"', tfjs: "init: 'good'", pytorch: 'good_(w)' },
    proof: 'measured',
    before: outcome(0.001),
    after: outcome(0.9),
    preferred: true,
  };
  return {
    id: `vanishing-gradient/${spec.id}`,
    rule: 'vanishing-gradient',
    severity: 'warning',
    layer: spec.id,
    layers: [spec.id],
    origin,
    message: `The first layers receive nothing because of ${spec.id}.`,
    cause: 'bad has gain 0.1 and needs 1.41.',
    values: [
      {
        name: 'gradient first/last',
        value: 0.001,
        lo: 0.0008,
        hi: 0.0012,
        band: [0.01, null],
        unit: 'ratio',
      },
    ],
    echoes: [],
    from: 'measured',
    advice: [advice],
  };
}

function reportLayer({ spec }: FakeLayer): ReportLayer {
  return {
    id: spec.id,
    path: [spec.id],
    name: spec.name,
    class: spec.className,
    kind: spec.kind,
    shape: [null, 8],
    origins: spec.origins,
    roles: [],
    trunk: true,
    parameters: 72,
    initializers: [],
    measured: { preActivation: { mean: 0.5, lo: 0.4, hi: 0.6, n: 5 } },
    predicted: { preActivation: 0.51 },
    expected: {},
  };
}

/** The report of such a text: a finding at every layer whose initializer is `bad`. */
export function measureFake(file: string, text: string): ReportSet {
  const read = readFake(file, text);
  const spec = read.models[0]?.spec;
  if (spec === undefined)
    return { rules: {}, reports: [], skipped: [], errors: read.problems, lineStarts: {} };
  const layers = fakeLayers(file, text);
  const findings = layers.filter(({ bad }) => bad).map(fakeFinding);
  const report: Report = {
    file,
    modelId: spec.id,
    model: spec.name,
    format: 'fake',
    framework: 'Fake 1',
    semantics: spec.semantics,
    parameters: spec.parameters,
    plan: FAKE_PLAN,
    run: FAKE_RUN,
    reproduce: `initscope inspect ${file}`,
    verdict: findings.length === 0 ? 'Nothing is wrong.' : `${findings.length} layers start badly.`,
    loss: [],
    starts: {},
    origin: spec.origin,
    layers: layers.map(reportLayer),
    edges: [],
    findings,
    problems: [],
    contentHash: 'fake',
  };
  return { rules: {}, reports: [report], skipped: [], errors: [], lineStarts: {} };
}
