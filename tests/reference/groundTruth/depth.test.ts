import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { normalQuantile } from '../../../src/engine/draws/quantile.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import type { Semantics } from '../../../src/model/semantics.ts';
import { neededRms } from '../../../src/theory/needs.ts';
import { fixedPoint } from '../../../src/theory/gains.ts';
import { parseActivation } from '../../../src/model/activations/catalogue.ts';
import { predict } from '../../../src/theory/predict.ts';
import { normals } from '../../support/normalStream.ts';
import { singularValues } from '../../support/singularValues.ts';
import { dense, mlp, testSpec, type TestLayer } from '../../support/specs.ts';

const uniform = (limit: number): unknown => ({
  class_name: 'RandomUniform',
  config: { minval: -limit, maxval: limit },
});
const named = (class_name: string): unknown => ({ class_name, config: {} });
const torch = uniform(1 / Math.sqrt(1000));
const DEPTHS = [1, 2, 5, 10, 20] as const;

interface Row {
  readonly name: string;
  readonly init: unknown;
  readonly bias?: unknown;
  readonly semantics?: Semantics;
  /** Mean fields leave out the correlations of a few steps that a random bias makes. */
  readonly extra?: number;
  readonly rms: readonly [number, number, number, number, number];
}

/** theory.md §3.2, n = 1000, ReLU: one simulated net each. */
const TABLE: readonly Row[] = [
  { name: 'He', init: 'he_normal', rms: [0.998, 0.971, 0.971, 0.947, 0.907] },
  { name: 'Glorot', init: 'glorot_uniform', rms: [0.708, 0.496, 0.18, 0.032, 0.00087] },
  { name: 'PyTorch', init: torch, bias: torch, extra: 0.05, rms: [0.409, 0.164, 0.0173, 0.01435, 0.01409] },
  {
    name: 'TF.js heNormal',
    init: named('HeNormal'),
    semantics: 'tfjs',
    rms: [0.881, 0.745, 0.509, 0.277, 0.0699],
  },
];

/** theory.md §3.2, TF.js 4.22.0, n = 512, L = 20. */
const TFJS = [
  ['HeNormal', 0.098],
  ['HeUniform', 1.36],
  ['GlorotNormal', 8e-5],
  ['GlorotUniform', 1.2e-3],
] as const;

const rmsAt = (spec: ModelSpec, depth: number): { rms: number; sd: number } => {
  const node = predict(spec).nodes[`d${depth}`];
  return { rms: Math.sqrt(node?.secondMoment ?? NaN), sd: node?.sdLog ?? NaN };
};

describe('theory.md §3.2: ReLU nets by depth', () => {
  for (const { name, init, bias = 'zeros', semantics, extra = 0, rms } of TABLE) {
    for (const [at, depth] of DEPTHS.entries()) {
      test(`${name}, layer ${depth}: ${rms[at]}`, () => {
        const spec = mlp(1000, 20, init, 'relu', {
          bias,
          ...(semantics === undefined ? {} : { semantics }),
        });
        const got = rmsAt(spec, depth);
        const error = Math.abs(Math.log(got.rms / (rms[at] ?? NaN)));
        assert.ok(error <= 2.5 * got.sd + 0.01 + extra, `${got.rms} ± ${got.sd}`);
      });
    }
  }
  for (const [init, rms] of TFJS) {
    test(`TF.js ${init}, n = 512, layer 20: ${rms}`, () => {
      const got = rmsAt(mlp(512, 20, named(init), 'relu', { semantics: 'tfjs' }), 20);
      assert.ok(Math.abs(Math.log(got.rms / rms)) <= 2.5 * got.sd + 0.05, `${got.rms} ± ${got.sd}`);
    });
  }
  test('TF.js glorotNormal: 0.622 a layer', () => {
    const spec = mlp(512, 20, named('GlorotNormal'), 'relu', { semantics: 'tfjs' });
    assert.ok(Math.abs((rmsAt(spec, 20).rms / rmsAt(spec, 10).rms) ** 0.1 - 0.622) < 5.1e-4);
  });
  test('ReLU of He: mean 0.564·√m2, std 0.826·√m2', () => {
    const { mean = NaN, secondMoment = NaN } = predict(mlp(1000, 3, 'he_normal', 'relu')).nodes['d3'] ?? {};
    assert.ok(Math.abs(mean / Math.sqrt(secondMoment) - 0.564) < 5.1e-4);
    assert.ok(Math.abs(Math.sqrt(1 - mean ** 2 / secondMoment) - 0.826) < 5.1e-4);
    assert.ok(Math.abs(Math.sqrt(1 - 1 / Math.PI) - 0.826) < 5.1e-4);
  });
  test('VGG-B with N(0, 0.01²): 5.893 · 4.167² · 2.946² · 2.083⁴ = 16 729', () => {
    const factor = (channels: number): number => {
      const kernel = {
        name: 'kernel',
        part: 'kernel',
        shape: [3, 3, channels, channels],
        init: 'zeros',
      } as const;
      const spec = testSpec([
        { id: 'in', kind: 'input', shape: [null, 8, 8, channels] },
        { id: 'c', kind: 'conv', shape: [null, 8, 8, channels], activation: 'relu', weights: [kernel] },
        { id: 'd', kind: 'conv', shape: [null, 8, 8, channels], weights: [kernel] },
      ]);
      const layer = spec.layers[1];
      const weight = layer?.weights[0];
      return layer && weight ? (neededRms(spec, layer, weight) ?? NaN) / 0.01 : NaN;
    };
    const factors = [64, 128, 256, 512].map(factor);
    for (const [at, expected] of [5.893, 4.167, 2.946, 2.083].entries())
      assert.ok(Math.abs((factors[at] ?? NaN) - expected) < 5.1e-4, String(factors[at]));
    const [a = NaN, b = NaN, c = NaN, d = NaN] = factors;
    assert.ok(Math.abs(a * b ** 2 * c ** 2 * d ** 4 - 16_729) < 1);
  });
});

interface Glorot {
  readonly name: string;
  readonly limit: number;
  readonly stds: readonly number[];
  readonly gradient: number;
  readonly page: number;
  readonly jacobian: readonly [number, number];
  readonly weights: readonly [number, number];
}

/** theory.md §3.3: simulated gradient ratio; the page's own mean-field figure (`page`), which takes the last layer's χ for all. */
const GLOROT: readonly Glorot[] = [
  {
    name: 'standard',
    limit: 1 / Math.sqrt(1000),
    stds: [0.46, 0.25, 0.141, 0.081, 0.047],
    gradient: 0.084,
    page: 0.102,
    jacobian: [0.39, 0.49],
    weights: [8.3e-5, 8.2e-5],
  },
  {
    name: 'normalized',
    limit: Math.sqrt(6 / 2000),
    stds: [0.628, 0.486, 0.408, 0.358, 0.322],
    gradient: 0.41,
    page: 0.54,
    jacobian: [0.53, 0.74],
    weights: [9.1e-4, 8.1e-4],
  },
];

function fiveLayers(limit: number): ModelSpec {
  const layers: TestLayer[] = [
    { id: 'in', kind: 'input', shape: [null, 1024] },
    ...[1, 2, 3, 4, 5].map((depth) =>
      dense(`d${depth}`, depth === 1 ? 1024 : 1000, 1000, uniform(limit), 'tanh'),
    ),
    dense('out', 1000, 10, uniform(limit), 'softmax', { roles: ['head'] }),
  ];
  return testSpec(layers);
}

/** Mean singular value of diag(φ′(z))·W with z ~ N(0, q). */
function jacobian(weightVariance: number, q: number): number {
  const size = 160;
  const kernel = normals('jacobian', size * size);
  const z = Array.from({ length: size }, (_, at) => Math.sqrt(q) * normalQuantile((at + 0.5) / size));
  const matrix = kernel.map(
    (value, index) =>
      value * Math.sqrt(weightVariance / size) * (1 - Math.tanh(z[Math.floor(index / size)] ?? 0) ** 2),
  );
  return singularValues(matrix, size).reduce((all, next) => all + next, 0) / size;
}

describe('theory.md §3.3: Glorot and Bengio, five tanh layers of 1000', () => {
  for (const { name, limit, stds, gradient, page, jacobian: range, weights } of GLOROT) {
    const { nodes } = predict(fiveLayers(limit));
    for (const [at, std] of stds.entries()) {
      test(`${name}: std of layer ${at + 1} ${std}`, () => {
        const got = Math.sqrt(nodes[`d${at + 1}`]?.secondMoment ?? NaN);
        assert.ok(Math.abs(got / std - 1) < 0.02, String(got));
      });
    }
    test(`${name}: gradient of layer 1 over layer 5: ${gradient} simulated; the page’s ${page} is an upper figure`, () => {
      const got = Math.sqrt((nodes['d1']?.gradient ?? NaN) / (nodes['d5']?.gradient ?? NaN));
      assert.ok(Math.abs(got / gradient - 1) < 0.03, String(got));
      assert.ok(got < page);
    });
    test(`${name}: mean singular value of a layer’s Jacobian ${range.join('–')}`, () => {
      const width = (limit * limit * 1000) / 3;
      const each = [1, 2, 3, 4, 5].map((depth) => jacobian(width, nodes[`d${depth}`]?.preActivation ?? NaN));
      assert.ok(Math.abs(Math.min(...each) / range[0] - 1) < 0.04, `lowest ${Math.min(...each)}`);
      assert.ok(Math.abs(Math.max(...each) / range[1] - 1) < 0.04, `highest ${Math.max(...each)}`);
    });
    test(`${name}: weight gradients stay flat: ${weights.join(' … ')}`, () => {
      // std of ∂L/∂W = rms of the layer's input × rms of ∂L/∂z.
      const input = (depth: number): number =>
        depth === 1 ? 1 : Math.sqrt(nodes[`d${depth - 1}`]?.secondMoment ?? NaN);
      const at = (depth: number): number => input(depth) * Math.sqrt(nodes[`d${depth}`]?.gradient ?? NaN);
      const ratio = weights[0] / weights[1];
      assert.ok(Math.abs(at(1) / at(5) / ratio - 1) < 0.15, String(at(1) / at(5)));
    });
  }
  for (const [at, std] of [0.134, 0.072, 0.072, 0.072].entries()) {
    test(`sigmoid, layer ${at + 1}: mean 0.5, total std ${std}, over the data ${[0.134, 0.019, 0.0027, 0.0004][at]}`, () => {
      const node = predict(mlp(1000, 4, torch, 'sigmoid')).nodes[`d${at + 1}`];
      assert.ok(node && Math.abs(node.mean - 0.5) < 0.01, `mean ${node?.mean}`);
      const total = Math.sqrt(node.secondMoment - node.mean ** 2);
      assert.ok(Math.abs(total / std - 1) < 0.02, `total ${total}`);
      const data = Math.sqrt(node.dataVariance);
      assert.ok(Math.abs(data / ([0.134, 0.019, 0.0027, 0.0004][at] ?? NaN) - 1) < 0.08, `data ${data}`);
    });
  }
  test('tanh without bias and gain 1 decays to 0', () => {
    const tanh = parseActivation('tanh');
    assert.ok(tanh && (fixedPoint(tanh, 1, 0)?.variance ?? 1) < 1e-3);
  });
});
