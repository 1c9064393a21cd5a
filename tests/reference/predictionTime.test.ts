import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelSpec } from '../../src/model/spec.ts';
import { predict } from '../../src/theory/predict.ts';
import { mlp, testSpec } from '../support/builtSpecs.ts';
import { leastProcessorTime } from '../support/processorTime.ts';

const PREDICTIONS = 100;
/** The goal is 20 µs a layer (docs/performance.md has figures of the bench); the rest is for a machine that does other things too. */
const MOST_MICROSECONDS = 40;

const recurrent = (name: string): ModelSpec =>
  testSpec({
    inputs: [64, 256],
    layers: [
      { class: name, name: 'first', config: { units: 256, return_sequences: true } },
      { class: name, name: 'second', config: { units: 256 } },
      { class: 'Dense', name: 'head', config: { units: 10, activation: 'softmax' } },
    ],
  });

const SPECS: readonly (readonly [string, ModelSpec])[] = [
  ['LSTM, 64 steps', recurrent('LSTM')],
  ['GRU, 64 steps', recurrent('GRU')],
  [
    'MLP of 9 layers',
    testSpec({
      inputs: [512],
      layers: mlp([...new Array<number>(9).fill(512), 10], 'relu', 'he_normal', 'softmax'),
    }),
  ],
];

for (const [name, spec] of SPECS)
  test(`prediction takes microseconds a layer: ${name}`, async () => {
    const least = await leastProcessorTime(() => {
      for (let index = 0; index < PREDICTIONS; index += 1) predict({ ...spec });
    }, 15);
    const each = (1000 * least) / PREDICTIONS / spec.nodes.length;
    assert.ok(each < MOST_MICROSECONDS, `${each.toFixed(1)} µs of the processor a layer`);
  });
