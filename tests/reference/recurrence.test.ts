import { property as fc } from '../support/property.ts';
import { before, test } from 'node:test';
import type { JsonObject } from '../../src/model/json.ts';
import { testSpec } from '../support/builtSpecs.ts';
import { values } from '../support/kernels.ts';
import { assertSame, openBoth } from '../support/sameOnBackends.ts';

before(openBoth);

const activations = ['linear', 'relu', 'tanh', 'sigmoid', 'hard_sigmoid'];
const cell = fc.record({
  class: fc.constantFrom('LSTM', 'GRU', 'SimpleRNN'),
  units: fc.integer({ min: 1, max: 9 }),
  features: fc.integer({ min: 1, max: 5 }),
  steps: fc.integer({ min: 1, max: 6 }),
  batch: fc.integer({ min: 1, max: 5 }),
  activation: fc.constantFrom(...activations),
  recurrentActivation: fc.constantFrom(...activations),
  useBias: fc.boolean(),
  resetAfter: fc.boolean(),
  goBackwards: fc.boolean(),
  returnSequences: fc.boolean(),
  returnState: fc.boolean(),
  givenStates: fc.boolean(),
  masked: fc.boolean(),
  seed: fc.nat(1000),
});

test('LSTM, GRU and SimpleRNN as one operation equal the steps one by one: outputs, gradients and taps', () => {
  fc.assert(
    fc.property(cell, (given) => {
      const { units, features, steps, batch, seed } = given;
      const config: JsonObject = {
        units,
        activation: given.activation,
        use_bias: given.useBias,
        go_backwards: given.goBackwards,
        return_sequences: given.returnSequences,
        return_state: given.returnState,
        ...(given.class === 'SimpleRNN' ? {} : { recurrent_activation: given.recurrentActivation }),
        ...(given.class === 'GRU' ? { reset_after: given.resetAfter } : {}),
      };
      const states = given.givenStates ? (given.class === 'LSTM' ? ['h', 'c'] : ['h']) : [];
      const spec = testSpec({
        inputs: [
          { name: 'x', shape: [steps, features] },
          ...states.map((name) => ({ name, shape: [units] })),
        ],
        layers: [
          ...(given.masked ? [{ class: 'Masking', name: 'mask', inputs: ['x'] }] : []),
          { class: given.class, name: 'layer', config, inputs: [given.masked ? 'mask' : 'x', ...states] },
        ],
      });
      const x = values(batch * steps * features, seed);
      if (given.masked)
        for (let row = 0; row < batch * steps; row++)
          if ((row * 7919 + seed) % 3 === 0) x.fill(0, row * features, (row + 1) * features);
      const blocks = [
        { shape: [batch, steps, features], values: x },
        ...states.map((_, i) => ({ shape: [batch, units], values: values(batch * units, seed + 1 + i) })),
      ];
      assertSame(spec, blocks, batch, 0.35);
    }),
    { numRuns: 250, seed: 11 },
  );
});

test('both directions and stacked cells equal the steps one by one', () => {
  const inner = (name: string, units: number) => ({
    class_name: name,
    config: { units, name: name.toLowerCase(), return_sequences: true },
  });
  for (const [config, name] of [
    [{ layer: inner('LSTM', 5), merge_mode: 'concat' }, 'Bidirectional'],
    [{ layer: inner('GRU', 4), merge_mode: 'sum' }, 'Bidirectional'],
    [{ cell: { class_name: 'LSTMCell', config: { units: 6, name: 'cell' } }, return_sequences: true }, 'RNN'],
  ] as const) {
    const spec = testSpec({
      inputs: [{ name: 'x', shape: [5, 3] }],
      layers: [{ class: name, name: 'layer', config: config as unknown as JsonObject }],
    });
    assertSame(spec, [{ shape: [3, 5, 3], values: values(45, 4) }], 3);
  }
});

test('an activation that the kernels lack is run step by step', () => {
  const spec = testSpec({
    inputs: [{ name: 'x', shape: [4, 3] }],
    layers: [{ class: 'GRU', name: 'layer', config: { units: 5, activation: 'softsign' } }],
  });
  assertSame(spec, [{ shape: [2, 4, 3], values: values(24, 4) }], 2);
});

test('a width, length and batch beyond one block of every product', () => {
  for (const name of ['LSTM', 'GRU', 'SimpleRNN']) {
    const spec = testSpec({
      inputs: [{ name: 'x', shape: [12, 6] }],
      layers: [{ class: name, name: 'layer', config: { units: 130, return_sequences: true } }],
    });
    assertSame(spec, [{ shape: [90, 12, 6], values: values(90 * 72, 4) }], 90, 0.1);
  }
});
