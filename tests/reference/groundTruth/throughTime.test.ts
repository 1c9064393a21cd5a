import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { predict } from '../../../src/theory/predict.ts';
import { testPlan, testSpec } from '../../support/builtSpecs.ts';

interface Case {
  readonly name: string;
  readonly class: string;
  readonly steps: number;
  readonly config?: JsonObject;
}

const CASES: readonly Case[] = [
  { name: 'SimpleRNN', class: 'SimpleRNN', steps: 12 },
  { name: 'LSTM', class: 'LSTM', steps: 30 },
  { name: 'LSTM, forget bias 0', class: 'LSTM', steps: 12, config: { unit_forget_bias: false } },
  { name: 'LSTM over all steps', class: 'LSTM', steps: 20, config: { return_sequences: true } },
  { name: 'GRU', class: 'GRU', steps: 30 },
  { name: 'GRU, reset before', class: 'GRU', steps: 12, config: { reset_after: false } },
  ...['concat', 'sum', 'ave'].map((merge_mode) => ({
    name: `Bidirectional LSTM, ${merge_mode}`,
    class: 'Bidirectional',
    steps: 12,
    config: {
      merge_mode,
      layer: {
        class_name: 'LSTM',
        config: { name: 'inner', units: 64, return_sequences: merge_mode === 'sum' },
      },
    },
  })),
  {
    name: 'TimeDistributed Dense',
    class: 'TimeDistributed',
    steps: 6,
    config: { layer: { class_name: 'Dense', config: { name: 'inner', units: 64, activation: 'tanh' } } },
  },
  { name: 'GRU over all steps', class: 'GRU', steps: 20, config: { return_sequences: true } },
];

describe('gradients through time: predicted against measured', () => {
  let backend: EngineBackend;
  before(async () => {
    backend = await openBackend('wasm');
  });
  for (const { name, class: className, steps, config = {} } of CASES) {
    test(`${name}, ${steps} steps: the layer before it`, async () => {
      const spec = testSpec({
        inputs: [steps, 32],
        layers: [
          { class: 'Dense', name: 'before', config: { units: 32 } },
          {
            class: className,
            name: 'cell',
            config:
              className === 'TimeDistributed' || className === 'Bidirectional'
                ? config
                : { units: 64, ...config },
          },
          { class: 'Dense', name: 'head', config: { units: 64 } },
        ],
      });
      const seeds = [1, 2, 3, 4];
      const plan = testPlan(spec, 64, seeds);
      const measured = await measureSeeds({ spec, changes: [], plan, seeds }, { backend });
      const logs = measured.seeds.map(({ taps }) => {
        const at = (node: string) =>
          taps.find((tap) => tap.node === node && tap.gradientNorm !== undefined && tap.name === undefined)
            ?.gradientNorm ?? NaN;
        return Math.log(at('before') / at('head'));
      });
      const mean = logs.reduce((all, next) => all + next, 0) / logs.length;
      const { nodes } = predict(spec);
      const predicted = 0.5 * Math.log((nodes['before']?.gradient ?? NaN) / (nodes['head']?.gradient ?? NaN));
      const rms = measured.seeds.map(
        ({ taps }) =>
          taps.find(
            ({ node, quantity, name: part }) =>
              node === 'cell' && quantity === 'activation' && part === undefined,
          )?.value.rms ?? NaN,
      );
      const size = Math.exp(rms.reduce((all, next) => all + Math.log(next), 0) / rms.length);
      const expected = Math.sqrt(nodes['cell']?.secondMoment ?? NaN);
      assert.ok(Math.abs(size / expected - 1) < 0.1, `rms ${size}, predicted ${expected}`);
      // Independence of gates and states is an approximation; 64 units and 4 seeds leave ±5 %.
      assert.ok(
        Math.abs(mean - predicted) < 0.15,
        `measured ${Math.exp(mean)}, predicted ${Math.exp(predicted)}`,
      );
    });
  }
});
