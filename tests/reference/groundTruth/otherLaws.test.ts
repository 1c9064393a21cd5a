import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { estimatedNorm } from '../../../src/theory/layers/spectralNorm.ts';
import { predict } from '../../../src/theory/predict.ts';
import { normals } from '../../support/normalStream.ts';
import { testPlan, testSpec, type TestModel } from '../../support/builtSpecs.ts';
import { singularValues } from '../../support/singularValues.ts';

const dense = (name: string, units: number, more: JsonObject = {}): JsonObject => ({
  class_name: 'Dense',
  config: { name, units, kernel_initializer: 'he_normal', ...more },
});

const head = { class: 'Dense', name: 'head', config: { units: 32, activation: 'softmax' } };
const first = (units = 48): TestModel['layers'][number] => ({
  class: 'Dense',
  name: 'first',
  config: { units, activation: 'tanh' },
});
const flat = { class: 'Flatten' };
const cell = (class_name: string): JsonObject => ({ class_name, config: { name: 'cell', units: 64 } });
const alternating = (a: number, b: number): number[] =>
  Array.from({ length: 48 }, (_, i) => (i % 2 === 0 ? a : b));

/** Chains from `first` to `head` whose layer `law` is compared. */
const CHAINS: readonly (TestModel & { readonly title: string })[] = [
  ...['SimpleRNNCell', 'LSTMCell', 'GRUCell'].map((name) => ({
    title: `RNN of a ${name}`,
    inputs: [6, 48],
    layers: [
      first(),
      { class: 'RNN', name: 'law', config: { cell: cell(name), return_sequences: true } },
      flat,
      head,
    ],
  })),
  ...[false, true].map((invert) => ({
    title: `Normalization by given statistics, ${invert ? 'undone' : 'done'}`,
    inputs: [48],
    layers: [
      first(),
      {
        class: 'Normalization',
        name: 'law',
        config: { mean: alternating(0.5, -1), variance: alternating(4, 0.25), invert },
      },
      head,
    ],
  })),
  ...[
    { op: 'slice', slices: [null, null, { start: 1, stop: 4, step: null }].map((part) => part ?? {}) },
    { op: 'split', sections: 2, axes: [-1] },
    { op: 'swapAxes', axes: [1, 2] },
    { op: 'expandDims', axes: [1] },
  ].map((config) => ({
    title: `the operation ${config.op}`,
    inputs: [6, 48],
    layers: [first(), { class: 'Operation', name: 'law', config: config as JsonObject }, flat, head],
  })),
  ...['Max', 'Average'].map((op) => ({
    title: `Adaptive${op}Pooling2D`,
    inputs: [12, 12, 8],
    layers: [
      { class: 'Conv2D', name: 'first', config: { filters: 24, kernel_size: 3, padding: 'same' } },
      { class: `Adaptive${op}Pooling2D`, name: 'law', config: { output_size: [4, 4] } },
      flat,
      head,
    ],
  })),
  ...['valid', 'same'].map((padding) => ({
    title: `LocallyConnected1D, ${padding}`,
    semantics: 'keras2' as const,
    inputs: [16, 24],
    layers: [
      first(24),
      {
        class: 'LocallyConnected1D',
        name: 'law',
        config: {
          filters: 24,
          kernel_size: 3,
          padding,
          implementation: padding === 'valid' ? 1 : 2,
          activation: 'relu',
        },
      },
      flat,
      head,
    ],
  })),
  ...[true, false].map((tie_weights) => ({
    title: `ReversibleEmbedding called in reverse, ${tie_weights ? 'tied' : 'with a table of its own'}`,
    inputs: [{ name: 'ids', shape: [6], vocabulary: 500 }],
    layers: [
      {
        class: 'ReversibleEmbedding',
        name: 'table',
        config: { input_dim: 500, output_dim: 64, tie_weights },
      },
      { ...first(64), config: { units: 64, activation: 'tanh' } },
      { class: 'ReversibleEmbedding', name: 'law', again: 'table', kwargs: { reverse: true } },
      head,
    ],
  })),
  ...['relu', 'tanh'].map((activation) => ({
    title: `TimeDistributed Dense with ${activation}`,
    inputs: [6, 48],
    layers: [
      first(),
      { class: 'TimeDistributed', name: 'law', config: { layer: dense('inner', 64, { activation }) } },
      flat,
      head,
    ],
  })),
  ...['glu', 'softmax', 'log_softmax'].map((activation) => ({
    title: `${activation} within the net`,
    inputs: [48],
    layers: [
      first(),
      { class: 'Dense', name: 'between', config: { units: 64 } },
      { class: 'Activation', name: 'law', config: { activation } },
      head,
    ],
  })),
];

describe('laws of layers beside the usual ones: predicted against measured', () => {
  let backend: EngineBackend;
  before(async () => {
    backend = await openBackend('wasm');
  });

  /** Geometric means over seeds against the prediction: rms of a node, and its gradient norm over the head's. */
  async function compare(spec: ModelSpec, node: string, from: string): Promise<void> {
    const seeds = [1, 2, 3, 4, 5, 6];
    const plan = testPlan(spec, 64, seeds);
    const measured = await measureSeeds({ spec, changes: [], plan, seeds }, { backend });
    const { nodes } = predict(spec);
    const over = (pick: (taps: (typeof measured.seeds)[number]['taps']) => number): number =>
      Math.exp(measured.seeds.reduce((all, { taps }) => all + Math.log(pick(taps)), 0) / seeds.length);
    const rms = over(
      (taps) =>
        taps.find((tap) => tap.node === node && tap.quantity === 'activation' && tap.name === undefined)
          ?.value.rms ?? NaN,
    );
    const expected = Math.sqrt(nodes[node]?.secondMoment ?? NaN);
    assert.ok(Math.abs(rms / expected - 1) < 0.1, `rms ${rms}, predicted ${expected}`);
    const norm = (taps: (typeof measured.seeds)[number]['taps'], at: string): number =>
      taps.find((tap) => tap.node === at && tap.gradientNorm !== undefined)?.gradientNorm ?? NaN;
    const gradient = over((taps) => norm(taps, from) / norm(taps, 'head'));
    const told = Math.sqrt((nodes[from]?.gradient ?? NaN) / (nodes['head']?.gradient ?? NaN));
    assert.ok(Math.abs(gradient / told - 1) < 0.15, `gradient ${gradient}, predicted ${told}`);
  }

  for (const [name, axes] of [
    ['scores of a query and keys', [2, 2]],
    ['weights over a sequence', [2, 1]],
  ] as const) {
    test(`Dot: ${name}`, async () => {
      const spec = testSpec({
        inputs: [
          { name: 'q', shape: [16, 16] },
          { name: 'k', shape: [16, 16] },
        ],
        layers: [
          { class: 'Dense', name: 'left', config: { units: 16 }, inputs: ['q'] },
          { class: 'Dense', name: 'right', config: { units: 16 }, inputs: ['k'] },
          { class: 'Dot', name: 'dot', config: { axes: [...axes] }, inputs: ['left', 'right'] },
          { class: 'Dense', name: 'head', config: { units: 16, activation: 'softmax' } },
        ],
      });
      await compare(spec, 'dot', 'left');
    });
  }
  for (const { title, ...model } of CHAINS) test(title, () => compare(testSpec(model), 'law', 'first'));
  for (const iterations of [1, 5]) {
    test(`SpectralNormalization, ${iterations} power iterations`, async () => {
      const spec = testSpec({
        inputs: [64],
        layers: [
          { class: 'Dense', name: 'first', config: { units: 64 } },
          {
            class: 'SpectralNormalization',
            name: 'normed',
            config: { layer: dense('inner', 96), power_iterations: iterations },
          },
          { class: 'Dense', name: 'head', config: { units: 32, activation: 'softmax' } },
        ],
      });
      await compare(spec, 'normed', 'first');
    });
  }
  test('many power iterations find the edge of Marchenko and Pastur, and the largest singular value', () => {
    const size = 120;
    const edge = estimatedNorm(size, size, 1 / size, 40);
    assert.ok(Math.abs(edge - 2) < 0.03, String(edge));
    const [largest = NaN] = singularValues(
      normals('spectral', size * size).map((value) => value / Math.sqrt(size)),
      size,
    );
    assert.ok(Math.abs(largest / edge - 1) < 0.06, `${largest} against ${edge}`);
    assert.ok(Math.abs(estimatedNorm(64, 96, 1, 1) - Math.sqrt(160)) < 1e-9);
  });
  test('what has no law is said: cosines, one tensor with itself, convolutional LSTMs', () => {
    const said = (spec: ModelSpec, node: string) =>
      predict(spec).unpredicted.find((each) => each.node === node)?.reason ?? '';
    const twice = (config: JsonObject, other: string): ModelSpec =>
      testSpec({
        inputs: [
          { name: 'q', shape: [8] },
          { name: 'k', shape: [8] },
        ],
        layers: [{ class: 'Dot', name: 'dot', config, inputs: ['q', other] }],
      });
    assert.match(said(twice({ axes: 1, normalize: true }, 'k'), 'dot'), /cosines/);
    assert.match(said(twice({ axes: 1 }, 'q'), 'dot'), /one tensor/);
    const video = testSpec({
      inputs: [4, 8, 8, 3],
      layers: [{ class: 'ConvLSTM2D', name: 'cell', config: { filters: 4, kernel_size: [3, 3] } }],
    });
    assert.match(said(video, 'cell'), /positions and steps together/);
  });
});
