import type { Finding } from '../../src/model/finding.ts';
import type { Report, ReportLayer, ReportSet } from '../../src/model/report.ts';

const snippet = { keras3: 'keras.initializers.HeNormal()', keras2: '', tfjs: '', pytorch: '' };
const heNormal = { id: 'heNormal', params: {}, seed: null, written: 'HeNormal' };
const origin = { file: 'nets/a b.json', range: { start: 12, end: 20 }, kind: 'layer' } as const;

/** A layer of the sample report; give what differs. */
export function sampleLayer(more: Partial<ReportLayer> = {}): ReportLayer {
  return {
    id: 'dense',
    path: ['dense'],
    name: 'dense',
    class: 'Dense',
    kind: 'dense',
    activation: 'sigmoid',
    shape: [null, 10],
    origins: [origin, { ...origin, kind: 'initializer', weight: 'kernel', range: { start: 22, end: 30 } }],
    roles: ['hidden'],
    trunk: true,
    parameters: 110,
    initializers: [
      {
        weight: 'kernel',
        spec: { id: 'randomNormal', params: { mean: 0, stddev: 1 }, seed: null, written: 'RandomNormal' },
        spelled: 'RandomNormal(stddev=1)',
        fanIn: 10,
        effectiveFanIn: 10,
        gain: { has: 3.16, needs: 1 },
      },
    ],
    measured: {
      preActivation: { mean: 0.07274, lo: 0.07, hi: 0.08, n: 5 },
      gradientNorm: { mean: 0.00037, lo: 0.0003, hi: 0.0004, n: 5 },
      dead: { mean: 0.4, lo: 0.3, hi: 0.5, n: 5 },
    },
    predicted: { preActivation: 0.073 },
    expected: { dead: { mean: 0.1, lo: 0.1, hi: 0.1, n: 5 } },
    ...more,
  };
}

/** A finding of the sample report; give what differs. */
export function sampleFinding(more: Partial<Finding> = {}): Finding {
  const before = {
    drift: 7,
    signalRatio: 2e-4,
    gradientRatio: Infinity,
    dead: 0.4,
    saturated: 0,
    initialLoss: NaN,
    findings: ['vanishing-signal'],
  };
  return {
    id: 'vanishing-signal:dense',
    rule: 'vanishing-signal',
    severity: 'error',
    layer: 'dense',
    layers: ['dense', 'dense_1'],
    origin,
    message: 'the signal shrinks 5000× from dense to logits',
    cause: 'RandomNormal(stddev=1) with fan-in 10 has gain 3.16, needs 1',
    values: [
      { name: 'signal last/first', value: 2e-4, lo: 1e-4, hi: Infinity, band: [0.05, null], unit: 'ratio' },
    ],
    echoes: [{ layer: 'dense_1', rule: 'vanishing-signal', message: 'carries on' }],
    from: 'measured',
    advice: [
      {
        title: 'HeNormal for 2 layers',
        changes: [{ layers: ['dense', 'dense_1'], weight: 'kernel', initializer: heNormal }],
        edit: {
          ok: true,
          edits: [
            {
              file: 'nets/a b.json',
              contentHash: 'f'.repeat(64),
              edits: [{ range: { start: 22, end: 30 }, text: '"HeNormal"' }],
            },
          ],
        },
        snippet,
        proof: 'measured',
        before,
        after: { ...before, signalRatio: 0.9, gradientRatio: -0, dead: 0.1, initialLoss: 2.3, findings: [] },
        preferred: true,
        caveat: 'the saved weights stay',
      },
    ],
    ...more,
  };
}

/** A small report; give what differs. */
export function sampleReport(more: Partial<Report> = {}): Report {
  return {
    file: 'nets/a b.json',
    modelId: 'sequential',
    model: 'sequential',
    format: 'keras-json',
    framework: 'Keras 2.10.0',
    semantics: { value: 'keras2', from: 'keras_version' },
    parameters: { total: 12_345, trainable: 12_345 },
    plan: {
      backend: 'wasm',
      kernels: 'own-plain',
      batch: 64,
      seeds: [1, 2, 3, 4, 5],
      looks: [5],
      inputs: { input: [64, 10] },
      inputLaw: 'normal',
      start: 'fresh',
      size: { parameters: 12_345, multiplyAdds: 1e6, bytes: 1e5 },
      why: ['batch 64: shares over units need 64 samples × positions'],
    },
    run: { elapsedMs: 812.4, machine: 'a machine' },
    reproduce: "initscope inspect 'nets/a b.json'",
    verdict: 'The signal shrinks 5000× from dense to logits.',
    loss: [
      {
        output: 'out',
        loss: 'mean_squared_error',
        value: 1.2,
        uninformed: 1,
        logitStd: 0.3,
        priorExcess: 0,
        from: 'head',
      },
    ],
    starts: {},
    origin,
    layers: [sampleLayer(), sampleLayer({ id: 'dense_1', name: 'dense_1', path: ['dense_1'] })],
    edges: [{ from: 'dense', to: 'dense_1' }],
    findings: [sampleFinding()],
    problems: [],
    contentHash: 'f'.repeat(64),
    ...more,
  };
}

/** A set of one report with a rule, a skipped file and an error; give what differs. */
export function sampleSet(more: Partial<ReportSet> = {}): ReportSet {
  return {
    rules: {
      'vanishing-signal': {
        id: 'vanishing-signal',
        title: 'The signal dies with depth',
        explanation: 'Activations shrink from layer to layer.',
        doc: 'docs/rules/vanishing-signal.md',
      },
    },
    reports: [sampleReport()],
    skipped: [{ file: 'nets\\graph.json', reason: 'a graph-model holds no initializers' }],
    errors: [
      {
        file: 'nets/bad.json',
        range: { start: 4, end: 5 },
        message: 'the JSON ends too early',
        found: 'the end of the file',
        expected: '"]"',
        hint: 'export it again',
        severity: 'error',
      },
    ],
    lineStarts: { 'nets/a b.json': [0, 10], 'nets/bad.json': [0, 2] },
    ...more,
  };
}
