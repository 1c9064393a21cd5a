import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/model/finding.ts';
import type { ModelSpec, Role } from '../../../src/model/spec.ts';
import { DEFAULT_PROJECT_CONFIG, type ProjectConfig } from '../../../src/model/projectConfig.ts';
import { judge, type Judgement } from '../../../src/rules/judge.ts';
import { judgeStatic } from '../../../src/rules/static.ts';
import { predict } from '../../../src/theory/predict.ts';
import {
  measurement,
  type TestSeed,
  type TestTap,
  type TestWeightStats,
} from '../../support/measurements.ts';
import { dense, mlp, testSpec, type TestLayer } from '../../support/specs.ts';

const DEPTH = 6;
const RMS = Math.sqrt(2 / 64);
const names = Array.from({ length: DEPTH }, (_, index) => `d${index + 1}`);

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

function look(
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

const healthy = look(() => ({}));

function run(
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

const serious = ({ findings }: Judgement): readonly Finding[] =>
  findings.filter(({ severity }) => severity === 'error' || severity === 'warning');

/** All rules named by findings or their echoes, at any severity. */
const told = ({ findings }: Judgement): readonly string[] =>
  findings.flatMap(({ rule, echoes }) => [rule, ...echoes.map((echo) => echo.rule)]);

const relu = mlp(64, DEPTH, 'he_normal', 'relu');
const tanh = mlp(64, DEPTH, 'glorot_uniform', 'tanh');
const gelu = mlp(64, DEPTH, 'he_normal', 'gelu');

test('a healthy net has no finding and asks for nothing', () => {
  const verdict = run(relu, healthy, null);
  assert.deepEqual(verdict.findings, []);
  assert.equal(verdict.wantsTwin, false);
  assert.equal(verdict.undecided, false);
});

test('non-finite: NaN in the forward pass, in a gradient, in the loss', () => {
  const bad = serious(
    run(
      relu,
      look((index) => (index >= 3 ? { nonFinite: 0.5 } : {})),
    ),
  );
  assert.equal(bad[0]?.rule, 'non-finite');
  assert.equal(bad[0]?.severity, 'error');
  assert.match(bad[0]?.message ?? '', /d4/);
  assert.ok(
    told(
      run(
        relu,
        look(() => ({}), [{ value: Infinity }]),
      ),
    ).includes('non-finite'),
  );
});

test('exploding-signal: warning above 10, error above 1000, excused by a twin that grows too', () => {
  const grows = (base: number) =>
    look((index) => ({ rms: base ** index, data: base ** index, inputRms: base ** index / 1.41 }));
  const [warning] = serious(run(relu, grows(2)));
  assert.equal(warning?.rule, 'exploding-signal');
  assert.equal(warning?.severity, 'warning');
  assert.equal(serious(run(relu, grows(6)))[0]?.severity, 'error');
  assert.deepEqual(serious(run(relu, grows(2), grows(2))), []);
  assert.deepEqual(serious(run(relu, grows(1.4))), []);
});

test('the first layer with a factor of its own is the cause; what follows are echoes', () => {
  const after = look((index) =>
    index < 2
      ? {}
      : {
          rms: 50,
          data: 50,
          inputRms: index === 2 ? 1 : 50 / 1.41,
          ...(index === 2 ? { kernel: 50 * RMS } : {}),
        },
  );
  const [finding, ...others] = serious(run(relu, after));
  assert.equal(finding?.rule, 'exploding-signal');
  assert.equal(finding?.layer, 'd3');
  assert.deepEqual(others, []);
  assert.match(finding?.cause ?? '', /d3/);
});

test('uniform drift names the run of layers', () => {
  const glorot = mlp(64, DEPTH, 'glorot_uniform', 'relu');
  const fades = look((index) => ({
    rms: 0.4 ** index,
    data: 0.4 ** index,
    inputRms: 0.4 ** index / 1.41,
    kernel: 0.125,
  }));
  const [finding] = serious(run(glorot, fades));
  assert.equal(finding?.rule, 'vanishing-signal');
  assert.equal(finding?.layer, 'd1');
  assert.deepEqual(finding?.layers, names);
});

test('vanishing-signal: std over the data, not rms; excused by a twin that fades too', () => {
  const fades = look((index) => ({ data: 0.4 ** index }));
  assert.ok(told(run(relu, fades)).includes('vanishing-signal'));
  assert.ok(!told(run(relu, fades, fades)).includes('vanishing-signal'));
  assert.ok(
    !told(
      run(
        relu,
        look((index) => ({ data: 0.7 ** index })),
      ),
    ).includes('vanishing-signal'),
  );
});

test('constant-signal: no excuse by the twin', () => {
  const flat = look((index) => ({ data: index < 4 ? 1 : 0.01 }));
  assert.ok(told(run(relu, flat, flat)).includes('constant-signal'));
  assert.ok(
    !told(
      run(
        relu,
        look(() => ({ data: 0.05 })),
      ),
    ).includes('constant-signal'),
  );
});

test('vanishing-gradient fires whatever the twin does; exploding-gradient is information when the twin shares it', () => {
  const fades = look((index) => ({ gradient: 10 ** (index - 5) }));
  const [finding] = serious(run(tanh, fades, fades));
  assert.equal(finding?.rule, 'vanishing-gradient');
  assert.equal(
    serious(
      run(
        tanh,
        look((index) => ({ gradient: 2 ** (index - 5) })),
      ),
    ).length,
    0,
  );
  const grows = look((index) => ({ gradient: 10 ** (5 - index) }));
  assert.equal(serious(run(tanh, grows))[0]?.rule, 'exploding-gradient');
  const shared = run(tanh, grows, grows);
  assert.equal(serious(shared).length, 0);
  assert.ok(told(shared).includes('exploding-gradient'));
});

test('the cause explains the drift: layers slightly off are no cause of what sigmoids do', () => {
  const layers = (scale: (index: number) => number, activation: string): ModelSpec =>
    testSpec([
      { id: 'in', kind: 'input', shape: [null, 64] },
      ...names.map((name, index) =>
        dense(
          name,
          64,
          64,
          {
            class_name: 'VarianceScaling',
            config: { scale: scale(index) ** 2, mode: 'fan_avg', distribution: 'uniform' },
          },
          activation,
          { roles: ['hidden'] },
        ),
      ),
      dense('out', 64, 10, 'glorot_uniform', 'softmax', { roles: ['head'] }),
    ]);
  const fades = (by: number, factor: (index: number) => number) =>
    look((index) => ({ gradient: by ** (DEPTH - 1 - index), kernel: 0.125 * factor(index) }));
  for (const off of [0, 3]) {
    const factor = (index: number): number => (index === off ? 0.7 : 1);
    const [finding] = serious(run(layers(factor, 'sigmoid'), fades(0.2, factor)));
    assert.equal(finding?.rule, 'vanishing-gradient');
    assert.match(finding.cause, /activation sigmoid/);
    assert.deepEqual(finding.layers, names);
  }
  const one = (index: number): number => (index === 3 ? 0.4 : 1);
  assert.match(serious(run(layers(one, 'sigmoid'), fades(0.2, one)))[0]?.cause ?? '', /activation sigmoid/);
  const tiny = (index: number): number => (index === 3 ? 1e-4 : 1);
  assert.equal(serious(run(layers(tiny, 'sigmoid'), fades(0.2, tiny)))[0]?.layer, 'd4');
  const run6 = (): number => 0.6;
  const [drift] = serious(run(layers(run6, 'tanh'), fades(0.38, run6)));
  assert.match(drift?.cause ?? '', /too small/);
});

test('one small layer is information only where training labelled it so', () => {
  const small = (factor: number) =>
    look((index) => ({ data: index < 2 ? 1 : factor, kernel: index === 2 ? factor * RMS : RMS }));
  const severities = (spec: ModelSpec, factor: number): readonly string[] =>
    run(spec, small(factor)).findings.map(({ rule, severity }) => `${rule} ${severity}`);
  assert.deepEqual(severities(relu, 0.01), ['vanishing-signal information']);
  assert.match(severities(relu, 1e-4)[0] ?? '', /error|warning/);
  assert.match(severities(mlp(64, DEPTH, 'he_normal', 'gelu'), 0.01)[0] ?? '', /error|warning/);
  const wide = (jitter: number): TestSeed => {
    const seed = small(0.01)(jitter);
    const scaled = (seed.weights ?? []).map((each) =>
      each.weight === 'bias' || each.layer === 'out' ? each : { ...each, rms: each.rms / Math.sqrt(8) },
    );
    return { ...seed, weights: scaled };
  };
  const [finding] = run(mlp(512, DEPTH, 'he_normal', 'relu'), wide).findings;
  assert.match(finding?.severity ?? '', /error|warning/);
});

test('echoes are other layers than the cause, and a collapse of directions echoes it', () => {
  const verdict = run(
    relu,
    look((index) =>
      index < 2
        ? { kernel: 0.2, distinct: 1 / 64, dead: 1 }
        : { dead: index === 4 ? 1 : 0, cosine: index === DEPTH - 1 ? 0.999 : 0.5 },
    ),
  );
  assert.deepEqual(
    verdict.findings.map(({ rule, layers }) => [rule, layers]),
    [['symmetric-units', ['d1', 'd2']]],
  );
  const echoes = verdict.findings[0]?.echoes.map(({ layer, rule }) => `${rule} ${layer}`);
  assert.deepEqual(echoes, ['dead-relu d5', 'correlation-collapse d6']);
});

test('dead-relu: only beyond the twin’s share, and an error for a whole layer', () => {
  const dead = (share: number) => look((index) => ({ dead: index === 4 ? share : 0.02 }));
  assert.equal(serious(run(relu, dead(0.5)))[0]?.rule, 'dead-relu');
  assert.equal(serious(run(relu, dead(1)))[0]?.severity, 'error');
  assert.deepEqual(serious(run(relu, dead(0.5), dead(0.4))), []);
  assert.equal(run(relu, dead(0.5), null).wantsTwin, true);
  assert.deepEqual(serious(run(relu, dead(0.2))), []);
});

test('bias-init: zeros made by a negative bias, and a shifted GELU', () => {
  const shifted = look((index) => ({ zeros: index === 2 ? 0.9 : 0.5, bias: index === 2 ? -1 : 0 }));
  const [finding] = serious(run(relu, shifted));
  assert.equal(finding?.rule, 'bias-init');
  assert.equal(finding?.layer, 'd3');
  assert.deepEqual(
    serious(
      run(
        relu,
        look((index) => ({ zeros: index === 2 ? 0.9 : 0.5 })),
      ),
    ),
    [],
  );
  assert.equal(
    serious(
      run(
        gelu,
        look(() => ({ bias: -1, data: 0.5 })),
      ),
    )[0]?.rule,
    'bias-init',
  );
  assert.deepEqual(
    serious(
      run(
        gelu,
        look(() => ({ bias: -0.3 })),
      ),
    ),
    [],
  );
});

test('saturated-activation: above 25 % a warning, above 80 % an error', () => {
  const saturated = (share: number) => look((index) => ({ saturated: index === 1 ? share : 0.02 }));
  assert.equal(serious(run(tanh, saturated(0.4)))[0]?.rule, 'saturated-activation');
  assert.equal(serious(run(tanh, saturated(0.9)))[0]?.severity, 'error');
  assert.deepEqual(serious(run(tanh, saturated(0.1))), []);
});

test('symmetric-units: tied kernels are errors, tied heads and small single ones are not', () => {
  const tied = (kernel: number, at: readonly number[]) =>
    look((index) => (at.includes(index) ? { kernel, distinct: 1 / 64 } : {}));
  assert.equal(serious(run(relu, tied(0.2, [2])))[0]?.rule, 'symmetric-units');
  assert.equal(serious(run(relu, tied(0.2, [2])))[0]?.layer, 'd3');
  assert.deepEqual(serious(run(relu, tied(0.001, [2]))), []);
  assert.equal(serious(run(relu, tied(0, [2])))[0]?.rule, 'symmetric-units');
  assert.deepEqual(serious(run(tanh, tied(0, [2]))), []);
  assert.equal(serious(run(tanh, tied(0, [2, 3])))[0]?.layer, 'd3');
});

test('duplicate-weights is information', () => {
  const verdict = run(
    relu,
    look((index) => (index === 1 || index === 4 ? { fingerprint: 'same' } : {})),
  );
  assert.deepEqual(serious(verdict), []);
  assert.deepEqual(
    verdict.findings.map(({ rule, layers }) => [rule, layers]),
    [['duplicate-weights', ['d2', 'd5']]],
  );
});

test('initial-loss: large logits, or smaller ones with a factor that explains them', () => {
  const logits = (std: number) => look(() => ({}), [{ logitStd: std, value: 3 + std }]);
  assert.equal(serious(run(relu, logits(6)))[0]?.rule, 'initial-loss');
  assert.deepEqual(serious(run(relu, logits(3))), []);
  assert.ok(
    run(relu, logits(3)).findings.some(
      ({ rule, severity }) => rule === 'initial-loss' && severity === 'information',
    ),
  );
  const head = mlp(64, DEPTH, 'he_normal', 'relu', {
    headInit: { class_name: 'RandomNormal', config: { stddev: 0.5 } },
  });
  const big = (jitter: number): TestSeed => {
    const seed = logits(3)(jitter);
    return {
      ...seed,
      weights: [...(seed.weights ?? []).filter(({ layer }) => layer !== 'out'), { layer: 'out', rms: 0.5 }],
    };
  };
  const [finding] = serious(run(head, big));
  assert.equal(finding?.rule, 'initial-loss');
  assert.equal(finding?.layer, 'out');
});

test('output-bias speaks only of given labels, input-scale only of real data', () => {
  const unlabelled = look(() => ({}), [{ priorExcess: 0.6 }]);
  assert.ok(!told(run(relu, unlabelled, healthy, DEFAULT_PROJECT_CONFIG, true)).includes('output-bias'));
  const prior = look(() => ({}), [{ priorExcess: 0.6, prior: { mean: [0.9, 0.1], bias: [-0.11, -2.3] } }]);
  assert.ok(!told(run(relu, prior)).includes('output-bias'));
  assert.ok(told(run(relu, prior, healthy, DEFAULT_PROJECT_CONFIG, true)).includes('output-bias'));
  const pixels = (jitter: number): TestSeed => {
    const seed = healthy(jitter);
    return { ...seed, taps: seed.taps.map((tap) => (tap.node === 'in' ? { ...tap, rms: 120 } : tap)) };
  };
  assert.ok(!told(run(relu, pixels)).includes('input-scale'));
  assert.equal(serious(run(relu, pixels, healthy, DEFAULT_PROJECT_CONFIG, true))[0]?.rule, 'input-scale');
});

test('correlation-collapse and scale-lottery are information', () => {
  const collapsed = run(
    relu,
    look((index) => ({ cosine: index === DEPTH - 1 ? 0.999 : 0.5 })),
  );
  assert.deepEqual(
    collapsed.findings.map(({ rule, severity }) => [rule, severity]),
    [['correlation-collapse', 'information']],
  );
  const lottery = run(gelu, (jitter) => look(() => ({ rms: Math.exp(60 * (jitter - 1)) }))(1), healthy);
  assert.ok(told(lottery).includes('scale-lottery'));
  assert.ok(!told(run(gelu, healthy)).includes('scale-lottery'));
});

test('fewer than four seeds never warn', () => {
  const grows = look((index) => ({ rms: 20 ** index, inputRms: 20 ** index / 1.41 }));
  const spec = relu;
  const verdict = judge({
    spec,
    prediction: predict(spec),
    measurement: measurement(grows, 3),
    twin: measurement(healthy, 3),
    config: DEFAULT_PROJECT_CONFIG,
  });
  assert.deepEqual(serious(verdict), []);
  assert.equal(verdict.undecided, true);
});

test('a configuration turns rules off, changes severities and thresholds', () => {
  const grows = look((index) => ({ rms: 2 ** index, data: 2 ** index, inputRms: 2 ** index / 1.41 }));
  const config = (rule: ProjectConfig['rules'][string]): ProjectConfig => ({
    ...DEFAULT_PROJECT_CONFIG,
    rules: { 'exploding-signal': rule },
  });
  assert.deepEqual(serious(run(relu, grows, healthy, config({ severity: 'off' }))), []);
  assert.equal(run(relu, grows, healthy, config({ severity: 'hint' })).findings[0]?.severity, 'hint');
  assert.deepEqual(serious(run(relu, grows, healthy, config({ thresholds: { ratio: 100 } }))), []);
});

/** A net with a norm behind each dense layer. */
function normed(init: unknown, roles: TestLayer['roles'] = ['hidden', 'before-norm']): ModelSpec {
  const layers: TestLayer[] = [{ id: 'in', kind: 'input', shape: [null, 64] }];
  for (const name of names) {
    layers.push(dense(name, 64, 64, init, undefined, { roles }));
    layers.push({ id: `n${name}`, kind: 'batchNorm', shape: [null, 64], roles: ['norm'] });
    layers.push({ id: `r${name}`, kind: 'activation', activation: 'relu', shape: [null, 64] });
  }
  layers.push(dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'] }));
  return testSpec(layers);
}

test('normalized-kernel-scale: above four times, never below', () => {
  const seed = (rms: number) => look((index) => ({ kernel: index === 1 ? rms : RMS }));
  const spec = normed('he_normal');
  const [finding] = serious(run(spec, seed(1)));
  assert.equal(finding?.rule, 'normalized-kernel-scale');
  assert.equal(finding?.layer, 'd2');
  assert.deepEqual(serious(run(spec, seed(0.01))), []);
});

test('residual-growth: doubling per block, not adding', () => {
  const layers: TestLayer[] = [{ id: 'in', kind: 'input', shape: [null, 64] }];
  let from = 'in';
  for (const name of names) {
    layers.push(dense(name, 64, 64, 'he_normal', 'relu', { roles: ['hidden', 'residual-end'], on: [from] }));
    layers.push({
      id: `s${name}`,
      kind: 'merge',
      config: { op: 'add' },
      shape: [null, 64],
      on: [from, name],
    });
    from = `s${name}`;
  }
  layers.push(dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'], on: [from] }));
  const spec = testSpec(layers);
  const grow =
    (variance: (index: number) => number) =>
    (jitter: number): TestSeed => {
      const seed = healthy(jitter);
      const sums = names.map((name, index) => ({
        node: `s${name}`,
        rms: Math.sqrt(variance(index)) * jitter,
      }));
      return { ...seed, taps: [...seed.taps, ...sums] };
    };
  const [finding] = serious(
    run(
      spec,
      grow((index) => 2 ** index),
    ),
  );
  assert.equal(finding?.rule, 'residual-growth');
  assert.deepEqual(
    serious(
      run(
        spec,
        grow((index) => 2 + index),
      ),
    ),
    [],
  );
});

test('attention-saturation and embedding-scale', () => {
  const layers: TestLayer[] = [
    { id: 'in', kind: 'input', shape: [null, 8] },
    { id: 'table', kind: 'embedding', shape: [null, 8, 64], roles: ['embedding'] },
    { id: 'places', kind: 'embedding', shape: [null, 8, 64], on: ['in'] },
    { id: 'sum', kind: 'merge', config: { op: 'add' }, shape: [null, 8, 64], on: ['table', 'places'] },
    { id: 'attend', kind: 'attention', shape: [null, 8, 64] },
    dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'] }),
  ];
  const spec = testSpec(layers);
  const seed =
    (logits: number, table: number) =>
    (jitter: number): TestSeed => ({
      taps: [
        { node: 'table', rms: table },
        { node: 'places', rms: 0.02 },
        { node: 'sum' },
        { node: 'attend' },
        { node: 'attend', quantity: 'logits', rms: logits * jitter },
      ],
    });
  assert.equal(serious(run(spec, seed(8, 0.02), seed(1, 0.02)))[0]?.rule, 'attention-saturation');
  assert.deepEqual(serious(run(spec, seed(1, 0.02), seed(1, 0.02))), []);
  assert.equal(serious(run(spec, seed(1, 1), seed(1, 0.02)))[0]?.rule, 'embedding-scale');
});

test('an embedding that is called twice is tied to a head only where it is one', () => {
  const spec = (roles: readonly Role[]): ModelSpec =>
    testSpec([
      { id: 'in', kind: 'input', shape: [null, 8] },
      { id: 'table', kind: 'embedding', shape: [null, 8, 64], roles },
      dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'] }),
    ]);
  const logits = (jitter: number): TestSeed => ({
    taps: [{ node: 'table', rms: 1 }, { node: 'out' }],
    losses: [{ logitStd: 2.4 * jitter }],
  });
  const rules = (roles: readonly Role[]) => run(spec(roles), logits, logits).findings.map(({ rule }) => rule);
  assert.ok(rules(['embedding', 'tied', 'head']).includes('embedding-scale'));
  assert.ok(!rules(['embedding', 'tied']).includes('embedding-scale'));
});

/** A recurrent layer with a head. */
function sequence(init: unknown, forget: boolean, steps: number): ModelSpec {
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

test('recurrent-scale: decades off the twin’s, either way', () => {
  const seed =
    (first: number) =>
    (jitter: number): TestSeed => ({
      taps: [
        { node: 'rnn' },
        { node: 'rnn', name: 'first step', gradientNorm: first * jitter },
        { node: 'rnn', name: 'last step', gradientNorm: 1 },
      ],
    });
  const spec = sequence('orthogonal', true, 40);
  assert.equal(serious(run(spec, seed(1e3), seed(1e-2)))[0]?.rule, 'recurrent-scale');
  assert.equal(serious(run(spec, seed(1e-9), seed(1e-2)))[0]?.rule, 'recurrent-scale');
  assert.deepEqual(serious(run(spec, seed(1e-8), seed(1e-8))), []);
});

const statically = (spec: ModelSpec): readonly Finding[] =>
  judgeStatic(spec, predict(spec), DEFAULT_PROJECT_CONFIG);

test('lstm-forget-bias: a warning for long sequences read at the end, else information', () => {
  assert.deepEqual(
    statically(sequence('orthogonal', false, 40)).map(({ rule, severity }) => [rule, severity]),
    [['lstm-forget-bias', 'warning']],
  );
  assert.equal(statically(sequence('orthogonal', false, 10))[0]?.severity, 'information');
  assert.deepEqual(statically(sequence('orthogonal', true, 40)), []);
  const long = sequence('orthogonal', false, 40);
  const guessed = { ...long, inputs: long.inputs.map((input) => ({ ...input, assumed: '40 steps' })) };
  assert.equal(statically(guessed)[0]?.severity, 'information');
});

test('a cosine at the edge of correlation-collapse asks for no further look', () => {
  const edge = (jitter: number): TestSeed => look(() => ({ cosine: jitter > 1 ? 0.995 : 0.985 }))(jitter);
  const { findings, undecided } = run(mlp(64, DEPTH, 'he_normal', 'relu'), edge, edge);
  assert.equal(undecided, false);
  assert.deepEqual(serious({ findings, undecided, wantsTwin: false }), []);
});

test('framework-trap, initializer-mismatch, unscaled-initializer and dead-parameters are hints', () => {
  const rules = (spec: ModelSpec): readonly string[] =>
    statically(spec).map(({ rule, severity }) => `${rule} ${severity}`);
  assert.ok(rules(mlp(64, 3, 'HeNormal', 'relu', { semantics: 'tfjs' })).includes('framework-trap hint'));
  assert.deepEqual(rules(mlp(64, 3, 'he_uniform', 'relu')), []);
  assert.deepEqual(rules(mlp(64, 3, 'glorot_uniform', 'relu')), ['initializer-mismatch hint']);
  const fixed = (stddev: number): unknown => ({ class_name: 'RandomNormal', config: { stddev } });
  assert.deepEqual(rules(mlp(64, 3, fixed(1), 'relu')), ['unscaled-initializer hint']);
  assert.deepEqual(rules(mlp(64, 3, fixed(0.15), 'relu')), []);
  assert.deepEqual(rules(normed('he_normal')), ['dead-parameters hint']);
  assert.ok(rules(mlp(64, 3, 'ones', 'relu')).includes('symmetric-units error'));
});
