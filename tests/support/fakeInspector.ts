import { existsSync } from 'node:fs';
import type { Inspector, StaticModel, StaticReading } from '../../src/inspect/inspector.ts';
import type { Comparison } from '../../src/model/comparison.ts';
import type { Advice, AdviceOutcome, Finding } from '../../src/model/finding.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Probe, ProbedStart, ProbeRun } from '../../src/model/probe.ts';
import type { Report, ReportLayer, ReportSet } from '../../src/model/report.ts';
import type { Scan } from '../../src/model/scan.ts';
import type { LayerSpec, ModelSpec } from '../../src/model/spec.ts';

/**
 * A stand-in for the inspector, for tests of what surrounds it. A "model" is any JSON text with `"model": "NAME"` (and `"class_name"` somewhere, for the client's first look); its layers are
 * the pairs `{"name": "x", "init": "y"}`; every layer with `"init": "bad"` has a finding with a fix that writes `good`.
 * Words of the text change how it behaves: `slow` takes 1.5 s, `long` a minute, `held` until there is a file of its name and `.go`,
 * `hang` never lets go, `crash` ends the process, `die` rejects.
 */
export function fakeInspector(): Inspector & {
  readonly calls: { reads: number; measures: number; cancelled: number };
} {
  const calls = { reads: 0, measures: 0, cancelled: 0 };
  return {
    calls,
    readStatic: (request) => {
      calls.reads++;
      return Promise.resolve(readFake(request.path, request.text ?? ''));
    },
    edit: () =>
      Promise.resolve({ ok: false, refusal: { place: 'here', reason: 'the stand-in does not edit' } }),
    rewrite: () =>
      Promise.resolve({ ok: false, refusal: { place: 'here', reason: 'the stand-in does not rewrite' } }),
    probeCosts: () =>
      Promise.resolve({
        costs: [{ model: 'fake', trainings: 48, steps: 200, seconds: 12.3 }],
        errors: [],
      }),
    compareCosts: () =>
      Promise.resolve({ costs: [{ model: 'fake', starts: 13, seeds: 5, seconds: 4.2 }], errors: [] }),
    scanCosts: () =>
      Promise.resolve({
        costs: [{ model: 'fake', widths: 4, seeds: 5, steps: 3, seconds: 1.5 }],
        errors: [],
      }),
    scan: async (request, _choices, signal, onProgress) => {
      onProgress?.({ phase: 'probe', done: 0, total: 60, layer: 'width 64' });
      await wait(timeOf(request.text), signal);
      return { scans: [fakeScan(request.path)], errors: [], lineStarts: {} };
    },
    scenario: async (_request, _scenario, signal) => {
      await wait(20, signal);
      return { measured: [{ seeds: 5, layers: {} }], errors: [] };
    },
    probe: async (request, _choices, signal, onProgress) => {
      onProgress?.({ phase: 'probe', done: 0, total: 9600 });
      await wait(timeOf(request.text), signal);
      return { probes: [fakeProbe(request.path)], errors: [], lineStarts: {} };
    },
    compare: async (request, signal, onProgress) => {
      onProgress?.({ phase: 'advice', done: 0, total: 5, layer: 'HeNormal everywhere' });
      await wait(timeOf(request.text), signal);
      if (/"late"/.test(request.text ?? ''))
        setTimeout(() => onProgress?.({ phase: 'advice', done: 4, total: 5 }), 150);
      const { models, problems } = readFake(request.path, request.text ?? '');
      return {
        comparisons: models.map(() => fakeComparison(request.path)),
        errors: problems,
        lineStarts: {},
      };
    },
    inspect: async (request, signal, onProgress) => {
      calls.measures++;
      const text = request.text ?? '';
      if (/"crash"/.test(text)) process.exit(3);
      if (/"die"/.test(text))
        throw new Error('The worker ended in the middle of a measurement (exit code 1).');
      onProgress?.({ phase: 'measure', done: 0, total: 5 });
      if (/"hang"/.test(text)) await new Promise(() => {});
      signal.addEventListener('abort', () => calls.cancelled++);
      if (/"held"/.test(text)) while (!existsSync(`${request.path}.go`)) await wait(20, signal);
      await wait(timeOf(text), signal);
      return measureFake(request.path, text);
    },
  };
}

function timeOf(text = ''): number {
  if (/"long"/.test(text)) return 60_000;
  return /"slow"/.test(text) ? 1500 : 20;
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    });
  });
}

const FAKE_PLAN: Plan = {
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
const FAKE_RUN = { elapsedMs: 20, machine: 'test' };

function fakeComparison(file: string): Comparison {
  const one = { mean: 1, lo: 0.9, hi: 1.1, n: 5 };
  const figures = { signal: one, gradient: one, drift: one, dead: one, saturated: one, initialLoss: one };
  const starts = ['HeNormal everywhere', 'as in the file'].map((title) => ({
    id: title,
    title,
    changes: [],
    figures,
    profile: { signal: [1, 0.5], gradient: [0.5, 1] },
    findings: [],
    why: 'nothing fires',
  }));
  const names = { file, modelId: 'fake', model: 'fake', framework: 'Fake 1' };
  return {
    ...names,
    plan: FAKE_PLAN,
    run: FAKE_RUN,
    reproduce: 'initscope compare',
    layers: ['a', 'b'],
    starts,
  };
}

function fakeScan(file: string): Scan {
  const law = (slope: number, first: number) => {
    const values = [0, 1, 2, 3].map((step) => first * 2 ** (slope * step));
    const exponent = { mean: slope, lo: slope - 0.03, hi: slope + 0.02, n: 5 };
    return { values, exponent, trend: slope === 0 ? ('flat' as const) : ('grows' as const) };
  };
  const tensor = (node: string, slope: number) => ({
    ...{ node, layer: node, quantity: 'preActivation' as const },
    ...{ activation: law(0, 0.6), update: law(slope, 0.02) },
  });
  return {
    ...{ file, modelId: 'fake', model: 'fake', framework: 'Keras 2.10.0', plan: FAKE_PLAN },
    ...{ parameter: 'hidden', factors: [0.5, 1, 2, 4], widths: ['32', '64', '128', '256'] },
    ...{
      parameters: [1200, 4500, 17000, 67000],
      optimizer: 'adam',
      rate: 1e-3,
      steps: 3,
      seeds: [1, 2, 3, 4, 5],
    },
    ...{ run: { elapsedMs: 800, machine: 'here' }, reproduce: `initscope scan ${file}`, notes: [] },
    tensors: [tensor('first', 0), tensor('second', 0.5), tensor('last', 1)],
    verdict: 'not flat: 2 of 3 updates grow with the width (last as width^1)',
  };
}

function fakeProbe(file: string): Probe {
  const run: ProbeRun = { seed: 1, rate: 0.001, losses: [1, 0.5], heldOut: 0.5 };
  const start: ProbedStart = {
    id: 'file',
    title: 'as in the file',
    optimizer: 'adam',
    result: { rate: 0.001, tried: [run], runs: [run], pairs: [], uninformed: 1 },
    stepsToHalf: 2,
    heldOut: 0.5,
    diverged: 0,
    stuck: 0,
  };
  const names = { file, modelId: 'fake', model: 'fake', framework: 'Fake 1', task: 'a test' };
  return { ...names, plan: FAKE_PLAN, run: FAKE_RUN, steps: 2, half: 0.75, starts: [start] };
}

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

function readFake(file: string, text: string): StaticReading {
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

function measureFake(file: string, text: string): ReportSet {
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
