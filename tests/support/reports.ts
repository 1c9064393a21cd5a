import type { Finding } from '../../src/model/finding.ts';
import type { TensorStats } from '../../src/model/measurement.ts';
import type { Measured, Report, ReportLayer, ReportSet } from '../../src/model/report.ts';

const measured = (mean: number, spread = 1.1): Measured => ({
  mean,
  lo: mean / spread,
  hi: mean * spread,
  n: 5,
});
const share = (mean: number): Measured => ({
  mean,
  lo: Math.max(0, mean - 0.02),
  hi: Math.min(1, mean + 0.02),
  n: 5,
});

function bell(rms: number): TensorStats {
  const counts = Array.from({ length: 48 }, (_, index) =>
    Math.round(1000 * Math.exp(-(((index - 23.5) / 9) ** 2))),
  );
  return {
    count: counts.reduce((sum, count) => sum + count, 0),
    mean: 0,
    std: rms,
    rms,
    min: -3 * rms,
    max: 3 * rms,
    zeros: 0,
    nonFinite: 0,
    percentiles: [-2.3 * rms, -1.6 * rms, 0, 1.6 * rms, 2.3 * rms],
    histogram: { low: -3 * rms, high: 3 * rms, counts },
  };
}

function layerAt(index: number, count: number, name: string, decay: number): ReportLayer {
  const depth = count === 1 ? 0 : index / (count - 1);
  const signal = 0.7 * decay ** depth;
  const gradient = 0.05 * decay ** (1 - depth);
  const dead = depth > 0.6 ? 0.4 : 0.02;
  return {
    id: name,
    path: [name],
    name: name.split('/').at(-1) ?? name,
    class: 'Dense',
    kind: 'dense',
    ...(index < count - 1 ? { activation: 'relu' } : {}),
    shape: [null, 128],
    origins: [{ file: 'model.json', range: { start: index * 10, end: index * 10 + 8 }, kind: 'layer' }],
    roles: index === count - 1 ? ['head'] : ['hidden'],
    trunk: true,
    parameters: 16_512,
    initializers: [
      {
        weight: 'kernel',
        spec: { id: 'randomNormal', params: { mean: 0, stddev: 0.02 }, seed: null, written: 'RandomNormal' },
        spelled: 'RandomNormal(stddev=0.02)',
        fanIn: 128,
        effectiveFanIn: 128,
        gain: { has: 0.226, needs: Math.SQRT2 },
      },
    ],
    measured: {
      preActivation: measured(signal),
      activation: measured(signal / 1.4),
      gradientNorm: measured(gradient),
      gradientToWeight: measured(gradient / 10),
      zeros: share(index < count - 1 ? 0.5 : 0),
      dead: share(dead),
      cosine: share(depth * 0.9),
      weight: measured(0.02, 1),
    },
    predicted: { preActivation: signal * 1.02, gradientNorm: gradient },
    expected: { preActivation: measured(1.2), gradientNorm: measured(0.4), dead: share(dead * 0.9) },
    distributions: { preActivation: bell(signal), gradient: bell(gradient / 10), weight: bell(0.02) },
  };
}

/** A report made by arithmetic: a net of `count` layers whose signal changes by `decay` from first to last. */
export function madeReport(count: number, decay: number, name = (index: number) => `dense_${index}`): Report {
  const layers = Array.from({ length: count }, (_, index) => layerAt(index, count, name(index), decay));
  const cause = layers[0] as ReportLayer;
  const outcome = {
    drift: 9,
    signalRatio: decay,
    gradientRatio: decay,
    dead: 0.4,
    saturated: 0,
    initialLoss: 2.3,
    findings: ['vanishing-signal'],
  };
  const finding: Finding = {
    id: `vanishing-signal:${cause.id}`,
    rule: 'vanishing-signal',
    severity: 'warning',
    layer: cause.id,
    layers: layers.map(({ id }) => id),
    origin: cause.origins[0] as Finding['origin'],
    message: `The signal shrinks from ${cause.id} to ${layers.at(-1)?.id ?? ''}.`,
    cause: 'RandomNormal(stddev=0.02) has gain 0.226 at fan-in 128; ReLU needs 1.41.',
    values: [
      {
        name: 'std over the data last/first',
        value: decay,
        lo: decay / 1.2,
        hi: decay * 1.2,
        band: [0.05, null],
        unit: 'ratio',
      },
    ],
    echoes: layers.slice(1).map(({ id }) => ({ layer: id, rule: 'vanishing-signal', message: 'carries on' })),
    from: 'measured',
    advice: [
      {
        title: `Apply he_normal to ${count} layers`,
        changes: [
          {
            layers: layers.map(({ id }) => id),
            weight: 'kernel',
            initializer: { id: 'heNormal', params: {}, seed: null, written: 'he_normal' },
          },
        ],
        snippet: {
          keras3: "kernel_initializer='he_normal'",
          keras2: "kernel_initializer='he_normal'",
          tfjs: "kernelInitializer: 'heUniform'",
          pytorch: 'nn.init.kaiming_normal_(w)',
        },
        proof: 'measured',
        before: outcome,
        after: { ...outcome, drift: 0.4, signalRatio: 1.1, gradientRatio: 0.9, findings: [] },
        preferred: true,
      },
    ],
  };
  const loss = {
    output: 'out',
    loss: 'categorical_crossentropy',
    value: 2.303,
    uninformed: Math.log(10),
    logitStd: 0.01,
    priorExcess: 0,
  };
  const faulty = decay < 0.05;
  return {
    file: 'model.json',
    modelId: 'model',
    model: 'model',
    format: 'keras-json',
    framework: 'Keras 2.10.0',
    semantics: { value: 'keras2', from: 'keras_version' },
    parameters: { total: 16_512 * count, trainable: 16_512 * count },
    plan: {
      backend: 'wasm',
      kernels: 'own-relaxed',
      batch: 32,
      seeds: [0, 1, 2, 3, 4],
      looks: [5, 10, 20],
      inputs: { in: [32, 128] },
      inputLaw: 'normal',
      start: 'fresh',
      size: { parameters: 1, multiplyAdds: 1, bytes: 1 },
      why: [],
    },
    run: { elapsedMs: 900, machine: 'test' },
    reproduce: 'initscope inspect model.json',
    verdict: faulty
      ? `The signal shrinks 1/${Math.round(1 / decay)} from ${cause.id} to ${layers.at(-1)?.id ?? ''}.`
      : 'Nothing is wrong.',
    loss: [{ ...loss, from: 'head' }],
    starts: {},
    origin: { file: 'model.json', range: { start: 0, end: 1 }, kind: 'layer' },
    layers,
    edges: layers.slice(1).map((layer, index) => ({ from: (layers[index] as ReportLayer).id, to: layer.id })),
    findings: faulty ? [finding] : [],
    problems: [],
    contentHash: 'made',
  };
}

/** The report as a set with the one rule it uses. */
export function madeSet(report: Report): ReportSet {
  return {
    rules: {
      'vanishing-signal': {
        id: 'vanishing-signal',
        title: 'The signal dies with depth',
        explanation: 'Each layer multiplies the signal by its gain.',
        doc: 'docs/rules/vanishing-signal.md',
      },
    },
    reports: [report],
    skipped: [],
    errors: [],
    lineStarts: {},
  };
}
