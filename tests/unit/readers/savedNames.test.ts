import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SavedWeight, WeightSpec } from '../../../src/model/spec.ts';
import { savedLookup } from '../../../src/readers/savedNames.ts';

const weight = (name: string, shape: readonly number[]): WeightSpec =>
  ({ name, shape }) as unknown as WeightSpec;
const stored = (shape: readonly number[], dataset: string): SavedWeight => ({
  file: 'm.h5',
  dtype: 'float32',
  shape,
  dataset,
});

/** Saved names with their shapes, a layer with its weights, and the names that are found. */
const CASES: readonly (readonly [
  name: string,
  saved: Readonly<Record<string, readonly number[]>>,
  layer: string,
  weights: Readonly<Record<string, readonly number[]>>,
  found: readonly (string | undefined)[],
])[] = [
  [
    'Keras 1 writes W and b behind the name of the layer',
    { 'dense_1/dense_1_W': [4, 3], 'dense_1/dense_1_b': [3] },
    'dense_1',
    { kernel: [4, 3], bias: [3] },
    ['dense_1/dense_1_W', 'dense_1/dense_1_b'],
  ],
  [
    'a kernel in the axes of Theano is not taken for ours',
    { 'conv/conv_W': [8, 3, 5, 5] },
    'conv',
    { kernel: [5, 5, 3, 8] },
    [undefined],
  ],
  [
    'Keras 1 called the variance running_std',
    { 'bn/bn_gamma': [3], 'bn/bn_beta': [3], 'bn/bn_running_mean': [3], 'bn/bn_running_std': [3] },
    'bn',
    { gamma: [3], beta: [3], moving_mean: [3], moving_variance: [3] },
    ['bn/bn_gamma', 'bn/bn_beta', 'bn/bn_running_mean', 'bn/bn_running_std'],
  ],
  [
    'cells of equal shape are taken in the order of the file',
    { 'rnn/lstm_cell/kernel:0': [4, 4], 'rnn/lstm_cell_1/kernel:0': [4, 4] },
    'rnn',
    { 'cell0/kernel': [4, 4], 'cell1/kernel': [4, 4] },
    ['rnn/lstm_cell/kernel:0', 'rnn/lstm_cell_1/kernel:0'],
  ],
  [
    'a layer inside a nested model is not one of the same name outside',
    { 'dense/kernel:0': [4, 4], 'inner/dense/kernel:0': [4, 4] },
    'inner/dense',
    { kernel: [4, 4] },
    ['inner/dense/kernel:0'],
  ],
  [
    'a backward layer that Keras 3 was given keeps its own name',
    { 'bi/forward_lstm/lstm_cell/kernel': [4, 8], 'bi/lstm_1/lstm_cell/kernel': [4, 8] },
    'bi',
    { 'forward/kernel': [4, 8], 'backward/kernel': [4, 8] },
    ['bi/forward_lstm/lstm_cell/kernel', 'bi/lstm_1/lstm_cell/kernel'],
  ],
  [
    'the two sides of a Bidirectional',
    { 'bi/backward_lstm/kernel:0': [4, 8], 'bi/forward_lstm/kernel:0': [4, 8] },
    'bi',
    { 'forward/kernel': [4, 8], 'backward/kernel': [4, 8] },
    ['bi/forward_lstm/kernel:0', 'bi/backward_lstm/kernel:0'],
  ],
];

for (const [name, saved, layer, weights, found] of CASES)
  test(name, () => {
    const byName = new Map(Object.entries(saved).map(([key, shape]) => [key, stored(shape, key)]));
    const specs = Object.entries(weights).map(([key, shape]) => weight(key, shape));
    assert.deepEqual(
      savedLookup(byName)(layer, specs).map((each) => each?.dataset),
      found,
    );
  });
