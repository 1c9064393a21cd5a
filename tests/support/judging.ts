import type { Finding } from '../../src/model/finding.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { DEFAULT_PROJECT_CONFIG, type ProjectConfig } from '../../src/model/projectConfig.ts';
import { judge, type Judgement } from '../../src/rules/judge.ts';
import { predict } from '../../src/theory/predict.ts';
import { measurement, type TestSeed, type TestTap, type TestWeightStats } from './measurements.ts';
import { dense, mlp, testSpec, type TestLayer } from './specs.ts';

/** Hidden layers of the nets below. */
export const DEPTH = 6;
/** rms of a He kernel of fan-in 64. */
export const RMS = Math.sqrt(2 / 64);
/** Their ids. */
export const names = Array.from({ length: DEPTH }, (_, index) => `d${index + 1}`);

/** What one layer of the net below is like. */
interface LayerLook {
  readonly rms?: number;
  readonly inputRms?: number;
  readonly data?: number;
  readonly gradient?: number;
  readonly zeros?: number;
  readonly dead?: number;
  readonly saturated?: number;
  readonly cosine?: number;
  readonly nonFinite?: number;
  readonly kernel?: number;
  readonly distinct?: number;
  readonly bias?: number;
  readonly fingerprint?: string;
}

/** A seed by what each layer shows; `jitter` varies it over seeds. */
export function look(
  layer: (index: number) => LayerLook,
  loss: TestSeed['losses'] = [{}],
): (jitter: number) => TestSeed {
  return (jitter) => {
    const taps: TestTap[] = [{ node: 'in' }];
    const weights: TestWeightStats[] = [];
    names.forEach((node, index) => {
      const each = layer(index);
      const rms = (each.rms ?? 1) * jitter;
      const unit = {
        stdOverData: (each.data ?? rms) * jitter,
        dead: each.dead ?? 0,
        cosine: each.cosine ?? 0.3,
        ...(each.saturated === undefined ? {} : { saturated: each.saturated * jitter }),
      };
      const value = { zeros: each.zeros ?? 0.5, nonFinite: each.nonFinite ?? 0 };
      const common = {
        node,
        rms,
        units: unit,
        gradientNorm: (each.gradient ?? 1) * jitter,
        inputRms: each.inputRms ?? rms / 1.41,
      };
      taps.push({ ...common, quantity: 'preActivation' }, { ...common, value });
      weights.push({
        layer: node,
        rms: each.kernel ?? RMS,
        ...(each.distinct === undefined ? {} : { distinctUnits: each.distinct }),
        ...(each.fingerprint === undefined ? {} : { fingerprint: each.fingerprint }),
      });
      weights.push({ layer: node, weight: 'bias', rms: Math.abs(each.bias ?? 0), mean: each.bias ?? 0 });
    });
    taps.push({ node: 'out', quantity: 'preActivation' }, { node: 'out' });
    weights.push({ layer: 'out', rms: 0.125 });
    return { taps, weights, losses: loss };
  };
}

/** A seed in which nothing is wrong. */
export const healthy = look(() => ({}));

/** Judges what these seeds show, against a twin (healthy unless given; null: none was measured). */
export function run(
  spec: ModelSpec,
  build: (jitter: number) => TestSeed,
  twin: ((jitter: number) => TestSeed) | null = healthy,
  config: ProjectConfig = DEFAULT_PROJECT_CONFIG,
  data = false,
): Judgement {
  return judge({
    spec,
    prediction: predict(spec),
    measurement: measurement(build),
    ...(twin === null ? {} : { twin: measurement(twin) }),
    config,
    data,
  });
}

/** Warnings and errors. */
export const serious = ({ findings }: Judgement): readonly Finding[] =>
  findings.filter(({ severity }) => severity === 'error' || severity === 'warning');

/** All rules named by findings or their echoes, at any severity. */
export const told = ({ findings }: Judgement): readonly string[] =>
  findings.flatMap(({ rule, echoes }) => [rule, ...echoes.map((echo) => echo.rule)]);

/** Nets of DEPTH layers of width 64. */
export const relu = mlp(64, DEPTH, 'he_normal', 'relu');
export const tanh = mlp(64, DEPTH, 'glorot_uniform', 'tanh');
export const gelu = mlp(64, DEPTH, 'he_normal', 'gelu');

/** A net with a norm behind each dense layer. */
export function normed(init: unknown, roles: TestLayer['roles'] = ['hidden', 'before-norm']): ModelSpec {
  const layers: TestLayer[] = [{ id: 'in', kind: 'input', shape: [null, 64] }];
  for (const name of names) {
    layers.push(dense(name, 64, 64, init, undefined, { roles }));
    layers.push({ id: `n${name}`, kind: 'batchNorm', shape: [null, 64], roles: ['norm'] });
    layers.push({ id: `r${name}`, kind: 'activation', activation: 'relu', shape: [null, 64] });
  }
  layers.push(dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'] }));
  return testSpec(layers);
}

/** A recurrent layer with a head. */
export function sequence(init: unknown, forget: boolean, steps: number): ModelSpec {
  const kernel = { name: 'kernel', part: 'kernel', shape: [16, 128], init: 'glorot_uniform' } as const;
  const recurrent = { name: 'recurrent_kernel', part: 'recurrent', shape: [32, 128], init } as const;
  const bias = { name: 'bias', part: 'bias', shape: [128], init: 'zeros' } as const;
  return testSpec([
    { id: 'in', kind: 'input', shape: [null, steps, 16] },
    {
      id: 'rnn',
      kind: 'lstm',
      className: 'LSTM',
      shape: [null, 32],
      config: { unitForgetBias: forget },
      activation: 'tanh',
      weights: [kernel, recurrent, bias],
    },
    dense('out', 32, 10, 'glorot_uniform', undefined, { roles: ['head'] }),
  ]);
}
