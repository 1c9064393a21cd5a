import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcome } from '../../../src/advice/outcome.ts';
import { measurement, type TestTap } from '../../support/measurements.ts';
import { mlp } from '../../support/specs.ts';

const spec = mlp(16, 3, { class_name: 'HeNormal', config: {} }, 'relu');
const nodes = ['d1', 'd2', 'd3'];

/** Signal and gradient ratios of layers with these sizes. */
function ratios(rms: readonly number[], gradients: readonly number[]) {
  const taps = nodes.map((node, index): TestTap => ({
    node,
    quantity: 'preActivation',
    rms: rms[index] ?? 1,
    gradientNorm: gradients[index] ?? 1,
  }));
  const { signalRatio, gradientRatio } = outcome(
    spec,
    measurement(() => ({ taps })),
    [],
  );
  return [signalRatio, gradientRatio].map((value) => Number(value.toPrecision(6)));
}

test('ratios run from the first layer to the last, the gradient’s back', () => {
  assert.deepEqual(ratios([1, 1, 0.5], [0.01, 0.1, 1]), [0.5, 0.01]);
});

test('where nothing arrives the ratio is 0, also where nothing was sent', () => {
  assert.deepEqual(ratios([1, 1, 0], [0, 0, 1]), [0, 0]);
  assert.deepEqual(ratios([0, 0, 0], [0, 0, 0]), [0, 0]);
  assert.deepEqual(ratios([0, 0, 1], [1, 0, 0]), [Infinity, Infinity]);
});
