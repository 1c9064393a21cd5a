import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predict } from '../../src/theory/predict.ts';
import { dense, mlp, testSpec, type TestLayer } from '../support/specs.ts';

const close = (got: number | undefined, want: number, relative: number, what: string): void => {
  assert.ok(got !== undefined && Math.abs(got / want - 1) <= relative, `${what}: ${got} ≠ ${want}`);
};

const rms = (spec: ReturnType<typeof mlp>, node: string): number =>
  Math.sqrt(predict(spec).nodes[node]?.secondMoment ?? NaN);

test('§3.2: rms of ReLU nets by depth under He, Glorot, TF.js heNormal and PyTorch', () => {
  const he = mlp(1000, 20, 'he_normal', 'relu');
  close(rms(he, 'd20'), 1, 1e-4, 'He');
  const glorot = mlp(1000, 20, 'glorot_uniform', 'relu');
  [1, 2, 5, 10, 20].forEach((depth) =>
    close(rms(glorot, `d${depth}`), 0.5 ** (depth / 2), 1e-3, `Glorot ${depth}`),
  );
  const tfjs = mlp(1000, 20, { class_name: 'HeNormal', config: {} }, 'relu', { semantics: 'tfjs' });
  close(rms(tfjs, 'd20'), 0.87962566 ** 20, 1e-3, 'TF.js heNormal');
  const glorotTfjs = mlp(512, 20, { class_name: 'GlorotNormal', config: {} }, 'relu', { semantics: 'tfjs' });
  close(rms(glorotTfjs, 'd20'), 0.622 ** 20, 0.02, 'TF.js glorotNormal');
  const uniform = {
    class_name: 'RandomUniform',
    config: { minval: -1 / Math.sqrt(1000), maxval: 1 / Math.sqrt(1000) },
  };
  const torch = mlp(1000, 20, uniform, 'relu', { bias: uniform });
  [0.409, 0.164, 0.0173, 0.01435, 0.01409].forEach((want, index) => {
    const depth = [1, 2, 5, 10, 20][index] ?? 0;
    close(rms(torch, `d${depth}`), want, 0.08, `PyTorch ${depth}`);
  });
});

test('§3.3: five tanh layers, forward std and the ratio of gradients', () => {
  const build = (limit: number): ReturnType<typeof mlp> => {
    const init = { class_name: 'RandomUniform', config: { minval: -limit, maxval: limit } };
    const layers: TestLayer[] = [
      { id: 'in', kind: 'input', shape: [null, 1024] },
      ...[1, 2, 3, 4, 5].map((depth) => dense(`d${depth}`, depth === 1 ? 1024 : 1000, 1000, init, 'tanh')),
      dense('out', 1000, 10, init, 'softmax', { roles: ['head'] }),
    ];
    return testSpec(layers);
  };
  const standard = predict(build(1 / Math.sqrt(1000)));
  [0.46, 0.25, 0.141, 0.081, 0.047].forEach((want, index) =>
    close(
      Math.sqrt(standard.nodes[`d${index + 1}`]?.secondMoment ?? NaN),
      want,
      0.02,
      `standard ${index + 1}`,
    ),
  );
  const ratio = Math.sqrt((standard.nodes['d1']?.gradient ?? NaN) / (standard.nodes['d5']?.gradient ?? NaN));
  // The simulated 0.084 of §3.3, not its rougher 0.102.
  close(ratio, 0.084, 0.03, 'gradient of the first over the fifth');
  const normalized = predict(build(Math.sqrt(6 / 2000)));
  [0.628, 0.486, 0.408, 0.358, 0.322].forEach((want, index) =>
    close(
      Math.sqrt(normalized.nodes[`d${index + 1}`]?.secondMoment ?? NaN),
      want,
      0.02,
      `normalized ${index + 1}`,
    ),
  );
  const kept = Math.sqrt(
    (normalized.nodes['d1']?.gradient ?? NaN) / (normalized.nodes['d5']?.gradient ?? NaN),
  );
  close(kept, 0.41, 0.03, 'normalized gradient');
});

test('§3.3: sigmoid nets lose the data behind a steady std', () => {
  const init = {
    class_name: 'RandomUniform',
    config: { minval: -1 / Math.sqrt(1000), maxval: 1 / Math.sqrt(1000) },
  };
  const { nodes } = predict(mlp(1000, 4, init, 'sigmoid'));
  [0.134, 0.019, 0.0027, 0.0004].forEach((want, index) =>
    close(Math.sqrt(nodes[`d${index + 1}`]?.dataVariance ?? NaN), want, 0.08, `layer ${index + 1}`),
  );
  const third = nodes['d3'];
  assert.ok(third);
  close(Math.sqrt(third.secondMoment - third.mean ** 2), 0.072, 0.02, 'total std');
});

test('§3.4: cosine between samples in a He-ReLU net', () => {
  const { nodes } = predict(mlp(1000, 50, 'he_normal', 'relu'));
  const law = [
    [1, 0.318],
    [2, 0.494],
    [3, 0.605],
    [5, 0.736],
    [10, 0.872],
    [20, 0.948],
    [50, 0.988],
  ] as const;
  for (const [depth, want] of law) close(nodes[`d${depth}`]?.cosine, want, 0.003, `layer ${depth}`);
});

test('§3.0: sd of log rms by width and depth', () => {
  for (const [width, depth, want] of [
    [64, 5, 0.31],
    [64, 20, 0.63],
    [256, 10, 0.22],
    [512, 20, 0.22],
  ] as const) {
    close(
      predict(mlp(width, depth, 'he_normal', 'relu')).nodes[`d${depth}`]?.sdLog,
      want,
      0.03,
      `${width}×${depth}`,
    );
  }
});

/** x + W₂·ReLU(W₁·x), `blocks` times; `norm` puts a layer norm before each branch. */
function residual(blocks: number, width: number, norm: boolean, scale: number): ReturnType<typeof mlp> {
  const layers: TestLayer[] = [{ id: 'in', kind: 'input', shape: [null, width] }];
  let from = 'in';
  for (let block = 0; block < blocks; block += 1) {
    if (norm) layers.push({ id: `n${block}`, kind: 'layerNorm', shape: [null, width], on: [from] });
    const init = {
      class_name: 'VarianceScaling',
      config: { scale: scale * scale, mode: 'fan_in', distribution: 'uniform' },
    };
    layers.push(dense(`a${block}`, width, width, 'he_normal', 'relu', { on: [norm ? `n${block}` : from] }));
    layers.push(dense(`b${block}`, width, width, init, undefined, { roles: ['residual-end'] }));
    layers.push({
      id: `s${block}`,
      kind: 'merge',
      config: { op: 'add' },
      shape: [null, width],
      on: [from, `b${block}`],
    });
    from = `s${block}`;
  }
  return testSpec(layers);
}

test('§3.7: variance of residual nets', () => {
  const variance = (spec: ReturnType<typeof mlp>, node: string): number | undefined =>
    predict(spec).nodes[node]?.secondMoment;
  close(variance(residual(10, 256, false, 1), 's9'), 1024, 1e-3, 'doubling');
  close(variance(residual(10, 256, false, 1 / Math.sqrt(10)), 's9'), 1.1 ** 10, 1e-3, '1/√L');
  close(variance(residual(10, 256, true, 1), 's9'), 11, 0.02, 'pre-norm');
});

test('§3.7: BatchNorm without skips multiplies the gradient by π/(π − 1) a layer', () => {
  const layers: TestLayer[] = [{ id: 'in', kind: 'input', shape: [null, 512] }];
  for (let depth = 1; depth <= 6; depth += 1) {
    layers.push(dense(`d${depth}`, 512, 512, 'he_normal', undefined, { roles: ['before-norm'] }));
    const one = (name: string, part: 'scale' | 'offset', init: string) => ({
      name,
      part,
      shape: [512],
      init,
    });
    const weights = [one('gamma', 'scale', 'ones'), one('beta', 'offset', 'zeros')];
    layers.push({
      id: `bn${depth}`,
      kind: 'batchNorm',
      shape: [null, 512],
      weights,
      config: { epsilon: 1e-12 },
    });
    layers.push({ id: `r${depth}`, kind: 'activation', activation: 'relu', shape: [null, 512] });
  }
  layers.push(dense('out', 512, 10, 'glorot_uniform', undefined, { roles: ['head'] }));
  const { nodes } = predict(testSpec(layers));
  for (const depth of [2, 3, 4]) {
    const growth = (nodes[`r${depth}`]?.gradient ?? NaN) / (nodes[`r${depth + 1}`]?.gradient ?? NaN);
    close(growth, Math.PI / (Math.PI - 1), 2e-3, `layer ${depth}`);
  }
});
