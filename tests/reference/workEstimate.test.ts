import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { measureSeed } from '../../src/engine/measureSeed.ts';
import { sampleWork } from '../../src/inspect/workSize.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { peakBytes, planOf } from '../bench/engineRun.ts';
import { testSpec } from '../support/builtSpecs.ts';

let backend: EngineBackend;
before(async () => {
  backend = await openBackend('wasm');
});

const [steps, units, batch] = [32, 64, 8];

/** Counted bytes over those that a pass takes, and the latter. */
function countedOverTaken(spec: ModelSpec): { ratio: number; peak: number } {
  const { statistics, generator } = backend;
  const view: EngineBackend['view'] = (tensor) => backend.view(tensor);
  const tools = { statistics, generator, view, enter: () => undefined };
  const run = () => void measureSeed(spec, planOf(spec, batch), 1, tools, new Map());
  run();
  const peak = peakBytes(run);
  const { parameters, kept, scratch } = sampleWork(spec);
  return { ratio: (4 * (2 * parameters + 2 * kept * batch) + scratch) / peak, peak };
}

const cell = (activation: string, gate?: string) => ({
  units,
  return_sequences: true,
  activation,
  ...(gate === undefined ? {} : { recurrent_activation: gate }),
});
const wrapped = (activation: string, gate: string) => ({
  layer: { class_name: 'LSTM', config: { name: 'inner', ...cell(activation, gate) } },
});

for (const [kind, config] of [
  ['LSTM', cell('tanh', 'sigmoid')],
  ['LSTM', cell('softsign', 'softsign')],
  ['GRU', cell('tanh', 'sigmoid')],
  ['GRU', cell('softsign', 'sigmoid')],
  ['SimpleRNN', cell('tanh')],
  ['SimpleRNN', cell('softsign')],
  ['Bidirectional', wrapped('tanh', 'sigmoid')],
  ['Bidirectional', wrapped('softsign', 'softsign')],
] as const)
  test(`the memory counted for ${kind} ${JSON.stringify(config)} is what a pass takes`, () => {
    const spec = testSpec({ inputs: [steps, units], layers: [{ class: kind, config }] });
    const { ratio, peak } = countedOverTaken(spec);
    assert.ok(ratio > 0.9 && ratio < 1.6, `${ratio.toFixed(2)} of ${peak} bytes`);
  });

for (const channels of [64, 256])
  test(`the memory counted for 3 × 3 convolutions of ${channels} channels holds their tiles`, () => {
    const conv = { class: 'Conv2D', config: { filters: channels, kernel_size: 3, padding: 'same' } };
    const spec = testSpec({ inputs: [8, 8, channels], layers: [conv, conv] });
    const { ratio, peak } = countedOverTaken(spec);
    assert.ok(ratio > 0.9 && ratio < 1.6, `${ratio.toFixed(2)} of ${peak} bytes`);
  });
