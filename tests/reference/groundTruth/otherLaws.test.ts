import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { estimatedNorm } from '../../../src/theory/layers/spectralNorm.ts';
import { predict } from '../../../src/theory/predict.ts';
import { normals } from '../../support/normalStream.ts';
import { testPlan, testSpec } from '../../support/builtSpecs.ts';
import { singularValues } from '../../support/singularValues.ts';

const dense = (name: string, units: number, more: JsonObject = {}): JsonObject => ({
  class_name: 'Dense',
  config: { name, units, kernel_initializer: 'he_normal', ...more },
});

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
      (taps) => taps.find((tap) => tap.node === node && tap.quantity === 'activation')?.value.rms ?? NaN,
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
    assert.match(said(video, 'cell'), /no moment law for ConvLSTM2D/);
  });
});
