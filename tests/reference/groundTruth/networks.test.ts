import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { parseActivation } from '../../../src/model/activations/catalogue.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { exactMoments } from '../../../src/theory/activationMoments.ts';
import { gains } from '../../../src/theory/gains.ts';
import { predict } from '../../../src/theory/predict.ts';
import { gaussianExpectation } from '../../../src/theory/quadrature.ts';
import { type TestLayer, testPlan, testSpec } from '../../support/builtSpecs.ts';

const scaling = (scale: number): JsonObject => ({
  class_name: 'VarianceScaling',
  config: { scale, mode: 'fan_in', distribution: 'untruncated_normal' },
});
const dense = (
  name: string,
  units: number,
  init: unknown,
  more: Partial<TestLayer> & JsonObject = {},
): TestLayer => {
  const { inputs, activation = 'linear' } = more;
  const config = { units, activation, kernel_initializer: init } as JsonObject;
  return { class: 'Dense', name, config, ...(inputs === undefined ? {} : { inputs }) };
};

/** x + W₂·ReLU(W₁·x), `blocks` times. */
function residual(blocks: number, width: number, end: JsonObject, norm: boolean): ModelSpec {
  const layers: TestLayer[] = [];
  let from = 'input';
  for (let block = 0; block < blocks; block += 1) {
    const inner = norm ? `n${block}` : from;
    if (norm) layers.push({ class: 'LayerNormalization', name: inner, inputs: [from] });
    layers.push(dense(`a${block}`, width, scaling(2), { inputs: [inner], activation: 'relu' }));
    layers.push(dense(`b${block}`, width, end));
    layers.push({ class: 'Add', name: `s${block}`, inputs: [from, `b${block}`] });
    from = `s${block}`;
  }
  return testSpec({ inputs: [width], layers });
}

/** theory.md §3.7: end of the branches, blocks, variance of the last sum over the input's; one simulated net each. */
const RESIDUAL: readonly (readonly [string, number, (blocks: number) => JsonObject, boolean, number])[] = [
  ['unit variance', 10, () => scaling(1), false, 945.8],
  ['unit variance', 50, () => scaling(1), false, 7.9e14],
  ['1/√L', 10, (blocks) => scaling(1 / blocks), false, 2.56],
  ['1/√L', 50, (blocks) => scaling(1 / blocks), false, 2.65],
  ['pre-LN', 10, () => scaling(1), true, 11.4],
  ['pre-LN', 50, () => scaling(1), true, 52.2],
];

/** BatchNorm between kernel and activation, no skips: growth of the squared gradient per layer. */
function batchNormed(activation: string, width: number, depth: number): ModelSpec {
  const layers = Array.from({ length: depth }, (_, index): TestLayer[] => [
    dense(`d${index}`, width, scaling(1)),
    { class: 'BatchNormalization', name: `n${index}`, config: { epsilon: 1e-5 } },
    { class: 'Activation', name: `r${index}`, config: { activation } },
  ]).flat();
  return testSpec({ inputs: [width], layers: [...layers, dense('out', 10, scaling(1))] });
}

describe('theory.md §3.7: residual nets', () => {
  for (const [name, blocks, end, norm, expected] of RESIDUAL) {
    test(`${name}, ${blocks} blocks: ${expected}`, () => {
      const node = predict(residual(blocks, 256, end(blocks), norm)).nodes[`s${blocks - 1}`];
      assert.ok(node);
      // One net: ± the theory's own sd of its logarithm, and 4 %.
      const error = Math.abs(Math.log(node.secondMoment / expected));
      assert.ok(error <= 4 * node.sdLog + 0.04, `${node.secondMoment}, sd of log rms ${node.sdLog}`);
    });
  }
  test('2^L, e and L + 1 are the laws behind them', () => {
    const at = (blocks: number, end: JsonObject, norm: boolean) =>
      predict(residual(blocks, 256, end, norm)).nodes[`s${blocks - 1}`]?.secondMoment ?? NaN;
    assert.ok(Math.abs(at(10, scaling(1), false) / 1024 - 1) < 1e-3);
    assert.ok(Math.abs(at(50, scaling(1 / 50), false) / 1.02 ** 50 - 1) < 1e-3);
    assert.ok(Math.abs(at(50, scaling(1), true) / 51 - 1) < 0.02);
  });
});

describe('theory.md §3.7: BatchNorm without skips', () => {
  let backend: EngineBackend;
  before(async () => {
    backend = await openBackend('wasm');
  });
  for (const [activation, expected] of [
    ['relu', Math.PI / (Math.PI - 1)],
    ['tanh', 1.187],
    ['linear', 1],
  ] as const) {
    test(`${activation}: the squared gradient grows by ${expected.toFixed(3)} a layer, in theory`, () => {
      const { nodes } = predict(batchNormed(activation, 512, 6));
      const growth = (nodes['r2']?.gradient ?? NaN) / (nodes['r3']?.gradient ?? NaN);
      assert.ok(Math.abs(growth / expected - 1) < 0.01, String(growth));
    });
  }
  test('π/(π − 1) = 1.46694', () => {
    assert.ok(Math.abs(Math.PI / (Math.PI - 1) - 1.46694) < 5.1e-6);
  });
  for (const [batch, expected] of [
    [64, 1.497],
    [256, 1.467],
    [1024, 1.46],
  ] as const) {
    test(`relu at batch ${batch}, measured: ${expected}`, async () => {
      const depth = 12;
      const spec = batchNormed('relu', 256, depth);
      const seeds = [1, 2, 3];
      const plan = testPlan(spec, batch, seeds);
      const measured = await measureSeeds({ spec, changes: [], plan, seeds }, { backend });
      const logs = measured.seeds.map(({ taps }) => {
        const at = (node: string): number =>
          taps.find((tap) => tap.node === node && tap.quantity === 'activation')?.gradientNorm ?? NaN;
        return (2 * Math.log(at('r1') / at(`r${depth - 2}`))) / (depth - 3);
      });
      const growth = Math.exp(logs.reduce((all, next) => all + next, 0) / logs.length);
      assert.ok(Math.abs(growth / expected - 1) < 0.04, String(growth));
    });
  }
});

describe('theory.md §3.7: attention and SELU', () => {
  test('logits of attention: n·σ²: GPT-2 0.307', () => {
    assert.ok(Math.abs(768 * 0.02 ** 2 - 0.307) < 5e-4);
  });
  test('GPT-2 logits of a tied head: √768·0.02 = 0.554, loss 10.9785; N(0,1): 27.7', () => {
    const std = Math.sqrt(768) * 0.02;
    assert.ok(Math.abs(std - 0.554) < 5.1e-4 && Math.abs(Math.sqrt(768) - 27.7) < 0.05);
    // ln E eᶻ = s²/2 for a vocabulary of 50 257.
    assert.ok(Math.abs(Math.log(50_257) - 10.8249) < 5.1e-5);
    assert.ok(Math.abs(Math.log(50_257) + (std * std) / 2 - 10.9785) < 1.1e-4);
  });
  test('a Glorot head on a He-ReLU body: logit std √(2n/(n + C)) 1.36–1.40', () => {
    for (const [width, expected] of [
      [128, 1.36],
      [512, 1.4],
    ] as const) {
      const layers = [
        dense('d1', width, scaling(2), { activation: 'relu' }),
        dense('d2', width, scaling(2), { activation: 'relu' }),
        dense('head', 10, 'glorot_uniform', { activation: 'softmax' }),
      ];
      const pre = predict(testSpec({ inputs: [width], layers })).nodes['head']?.preActivation ?? NaN;
      assert.ok(Math.abs(Math.sqrt(pre) - Math.sqrt((2 * width) / (width + 10))) < 5e-3);
      assert.ok(Math.abs(Math.sqrt(pre) - expected) < 0.0051, String(Math.sqrt(pre)));
    }
  });
  test('Keras’s default 784-128-10: logit std 1.26', () => {
    const layers = [
      dense('d1', 128, 'glorot_uniform', { activation: 'relu' }),
      dense('head', 10, 'glorot_uniform', { activation: 'softmax' }),
    ];
    const pre = predict(testSpec({ inputs: [784], layers })).nodes['head']?.preActivation ?? NaN;
    assert.ok(Math.abs(Math.sqrt(pre) - 1.26) < 0.02, String(Math.sqrt(pre)));
  });
  test('SELU with LeCun: mean 0, second moment 1, contraction 0.783, λ and α', () => {
    const selu = parseActivation('selu');
    assert.ok(selu);
    const { mean, second } = exactMoments(selu, 0, 1);
    assert.ok(Math.abs(mean) < 1e-6 && Math.abs(second - 1) < 1e-6);
    assert.ok(Math.abs((gains(selu)?.slope ?? NaN) - 0.783) < 5.1e-4);
    const [lambda, alpha] = [1.0507009873554805, 1.6732632423543772];
    const value = (z: number): number => (z > 0 ? lambda * z : lambda * alpha * Math.expm1(z));
    assert.ok(Math.abs(gaussianExpectation((z) => value(z) ** 2, 0, 1, [0]) - 1) < 1e-9);
  });
});
