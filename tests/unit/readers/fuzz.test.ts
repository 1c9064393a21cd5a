import assert from 'node:assert/strict';
import { test } from 'node:test';
import { property as fc } from '../../support/property.ts';
import { readBytes } from '../../support/memoryFiles.ts';

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

const init = {
  class_name: 'VarianceScaling',
  config: { scale: 2, mode: 'fan_in', distribution: 'normal', seed: 3 },
};
const layers: Value[] = [
  {
    class_name: 'InputLayer',
    name: 'in',
    config: { name: 'in', batch_input_shape: [null, 8, 8, 2] },
    inbound_nodes: [],
  },
  ...[
    [
      'Conv2D',
      {
        filters: 4,
        kernel_size: [3, 3],
        strides: [1, 1],
        padding: 'same',
        activation: 'relu',
        kernel_initializer: init,
      },
    ],
    ['BatchNormalization', { axis: [3], epsilon: 0.001, gamma_initializer: 'ones' }],
    [
      'ZeroPadding2D',
      {
        padding: [
          [1, 1],
          [0, 2],
        ],
      },
    ],
    ['MaxPooling2D', { pool_size: [2, 2], strides: null }],
    ['Permute', { dims: [3, 1, 2] }],
    ['Reshape', { target_shape: [4, -1] }],
    [
      'Bidirectional',
      {
        merge_mode: 'concat',
        layer: { class_name: 'LSTM', config: { name: 'l', units: 3, return_sequences: true } },
      },
    ],
    [
      'RNN',
      {
        cell: {
          class_name: 'StackedRNNCells',
          config: { cells: [{ class_name: 'GRUCell', config: { units: 2 } }] },
        },
      },
    ],
    ['Rescaling', { scale: 0.5, offset: [1, 2] }],
    ['LayerNormalization', { axis: -1 }],
    ['PReLU', { shared_axes: [1] }],
    [
      'EinsumDense',
      {
        equation: 'ab,bc->ac',
        output_shape: 3,
        bias_axes: 'c',
        activation: { class_name: 'LeakyReLU', config: { alpha: 0.1 } },
      },
    ],
    ['TFOpLambda', { function: 'math.reduce_mean' }],
  ].map(([className, config], i): Value => ({
    class_name: className as string,
    name: `l${i}`,
    config: { name: `l${i}`, ...(config as { [key: string]: Value }) },
    inbound_nodes: [[[i === 0 ? 'in' : `l${i - 1}`, 0, 0, { axis: -1 }]]],
  })),
];
const model: Value = {
  class_name: 'Functional',
  keras_version: '2.10.0',
  config: { name: 'net', layers, input_layers: [['in', 0, 0]], output_layers: [['l12', 0, 0]] },
  training_config: { loss: { class_name: 'MeanSquaredError', config: {} } },
};

const strange: readonly Value[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e300,
  7,
  '',
  'relu',
  'zz',
  '__proto__',
  [],
  [1],
  [[1, 2]],
  [null],
  {},
  { class_name: 'Dense' },
  { config: { a: 1 } },
];

/** Every place in a value, as a path. */
function paths(value: Value, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries: [string | number, Value][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [at, ...entries.flatMap(([key, item]) => paths(item, [...at, key]))];
}

function changed(value: Value, path: readonly (string | number)[], put: Value): Value {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null) return put;
  if (Array.isArray(value)) return value.map((item, i) => (i === key ? changed(item, rest, put) : item));
  const table = value as { [key: string]: Value };
  return { ...table, [key]: changed(table[key] ?? null, rest, put) };
}

const everywhere = paths(model).slice(1);

test('the unharmed model reads', async () => {
  const { models, problems } = await readBytes('/m.json', JSON.stringify(model));
  assert.deepEqual([problems, models[0]?.problems], [[], []]);
});

test('whatever stands in a model file, reading gives a model or one line', async () => {
  const harm = fc.tuple(fc.nat(everywhere.length - 1), fc.nat(strange.length - 1));
  await fc.assert(
    fc.asyncProperty(fc.array(harm, { minLength: 1, maxLength: 3 }), async (harms) => {
      const text = JSON.stringify(
        harms.reduce<Value>(
          (at, [path, put]) => changed(at, everywhere[path] ?? [], strange[put] ?? null),
          model,
        ),
      );
      const { models, problems, notAModel, skipped } = await readBytes('/m.json', text);
      assert.ok(models.length + problems.length > 0 || notAModel !== undefined || skipped !== undefined);
      for (const { message } of problems) assert.ok(!/undefined|\[object|NaN/.test(message), message);
    }),
    { numRuns: 1500, seed: 1 },
  );
});
