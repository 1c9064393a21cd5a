import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signalQuantity } from '../../../src/model/layerSignal.ts';

test('a gated recurrence is shown by its output, measured and predicted alike', () => {
  const measured = { preActivation: 0.5, activation: 0.004 };
  assert.equal(signalQuantity({ kind: 'lstm', measured, predicted: {} }), 'activation');
  assert.equal(signalQuantity({ kind: 'custom', measured, predicted: { activation: 0.0037 } }), 'activation');
});

test('a layer with a pre-activation is shown by it, one without by its output', () => {
  const both = { preActivation: 2, activation: 1 };
  assert.equal(signalQuantity({ kind: 'dense', measured: both, predicted: both }), 'preActivation');
  assert.equal(signalQuantity({ kind: 'dense', measured: {}, predicted: both }), 'preActivation');
  assert.equal(signalQuantity({ kind: 'pooling', measured: { activation: 1 }, predicted: {} }), 'activation');
});
