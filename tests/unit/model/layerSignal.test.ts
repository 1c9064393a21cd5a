import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerSignal } from '../../../src/model/layerSignal.ts';

const measured = (mean: number) => ({ mean, lo: mean, hi: mean, n: 5 });

test('a gated recurrence is shown by its output, measured and predicted alike', () => {
  const layer = {
    kind: 'lstm',
    measured: { preActivation: measured(0.5), activation: measured(0.004) },
    predicted: { activation: 0.0037 },
  };
  assert.deepEqual(layerSignal(layer), { measured: measured(0.004), predicted: 0.0037 });
});

test('a layer with a pre-activation is shown by it, one without by its output', () => {
  const both = { preActivation: measured(2), activation: measured(1) };
  const dense = { kind: 'dense', measured: both, predicted: { preActivation: 1.9, activation: 1.1 } };
  assert.deepEqual(layerSignal(dense), { measured: measured(2), predicted: 1.9 });
  const pooling = { kind: 'pooling', measured: { activation: measured(1) }, predicted: {} };
  assert.deepEqual(layerSignal(pooling), { measured: measured(1) });
  assert.deepEqual(layerSignal({ ...dense, measured: {} }), { predicted: 1.9 });
});
