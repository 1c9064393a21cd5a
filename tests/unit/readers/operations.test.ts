import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { readBytes } from '../../support/memoryFiles.ts';

const tensor = (layer: string, shape: readonly (number | null)[]) => ({
  class_name: '__keras_tensor__',
  config: { shape, dtype: 'float32', keras_history: [layer, 0, 0] },
});

/** A Keras 3 model of one operation on an input [batch, 4, 6], followed by a Dense layer. */
async function around(
  className: string,
  config: object,
  args: readonly unknown[] = [],
  shape: readonly (number | null)[] = [null, 4, 6],
): Promise<ModelSpec> {
  const layers = [
    {
      module: 'keras.layers',
      class_name: 'InputLayer',
      config: { name: 'x', batch_shape: [null, 4, 6] },
      name: 'x',
    },
    {
      module: 'keras.src.ops.numpy',
      class_name: className,
      config: { name: 'op', ...config },
      name: 'op',
      inbound_nodes: [{ args: [tensor('x', [null, 4, 6]), ...args], kwargs: {} }],
    },
    {
      module: 'keras.layers',
      class_name: 'Dense',
      config: { name: 'out', units: 3 },
      name: 'out',
      inbound_nodes: [{ args: [tensor('op', shape)], kwargs: {} }],
    },
  ];
  const model = {
    class_name: 'Functional',
    config: {
      name: 'm',
      layers: layers.map((layer) => ({ inbound_nodes: [], ...layer })),
      input_layers: [['x', 0, 0]],
      output_layers: [['out', 0, 0]],
    },
  };
  const { models, problems } = await readBytes('/m.json', JSON.stringify(model));
  assert.ok(models[0], JSON.stringify(problems));
  return models[0];
}

const read = (spec: ModelSpec) => [spec.layers[1]!.kind, spec.layers[1]!.className, spec.problems.length];

test('an operation that we do not know is opaque under its full name, and what follows stands on the stated shape', async () => {
  const spec = await around('CumMax', {});
  assert.equal(spec.layers[1]!.opaque, 'the class keras.ops.CumMax is not known to Initscope.');
  assert.deepEqual(spec.nodes[1]!.outputs, [[null, 4, 6]]);
});

test('an operation that shares the name of a layer class is not taken for it', async () => {
  assert.deepEqual(read(await around('Dot', {}, [[1, 2]])), ['opaque', 'keras.ops.Dot', 1]);
  assert.deepEqual(read(await around('Average', { axis: 1 }, [], [null, 6])), ['operation', 'Operation', 0]);
});

test('what goes along the batch is left opaque, not run per sample', async () => {
  for (const [className, config, args] of [
    ['Take', { axis: 0 }, [[1]]],
    ['Roll', { shift: 1, axis: 0 }, []],
    ['Roll', { shift: 1, axis: null }, []],
    ['Moveaxis', { source: 0, destination: 1 }, []],
    ['Unstack', { axis: 0 }, []],
  ] as const)
    assert.equal((await around(className, config, args)).layers[1]!.kind, 'opaque', className);
});

test('options that change what an operation does are not left out', async () => {
  for (const [className, config, args] of [
    ['OneHot', { num_classes: 5, axis: 1 }, []],
    ['Norm', { ord: 1, axis: -1 }, []],
    ['Normalize', { axis: -1, order: 1 }, []],
    ['LayerNorm', { axis: -1 }, [[1, 2, 3, 4, 5, 6], null]],
    ['Resize', { size: [2, 2], antialias: true }, []],
    ['Resize', { size: [2, 2], interpolation: 'lanczos3' }, []],
  ] as const)
    assert.equal((await around(className, config, args)).layers[1]!.kind, 'opaque', className);
});

test('a pooling operation without a stated rank takes that of its input', async () => {
  const spec = await around('MaxPool', { pool_size: 2, strides: null, padding: 'valid' }, [], [null, 2, 6]);
  assert.deepEqual(read(spec), ['pooling', 'MaxPool', 0]);
  assert.deepEqual(spec.nodes[1]!.outputs, [[null, 2, 6]]);
});

test('arrays that Keras 3 wraps are constants', async () => {
  const wrapped = { class_name: '__numpy__', config: { value: [1, 2, 3, 4, 5, 6], dtype: 'float32' } };
  assert.deepEqual((await around('Multiply', {}, [wrapped])).layers[1]!.config['scale'], [1, 2, 3, 4, 5, 6]);
});

const numpy = (value: unknown) => ({ class_name: '__numpy__', config: { value, dtype: 'float32' } });
const kindsOf = async (...given: Parameters<typeof around>): Promise<readonly unknown[]> => {
  const [, made] = (await around(...given)).layers;
  return [made!.kind, made!.config['op'] ?? made!.className];
};

test('an operand that the file writes out is one of the operation, a matrix a product', async () => {
  const table = numpy(Array.from({ length: 4 }, () => [1, 2, 3, 4, 5, 6]));
  assert.deepEqual(await kindsOf('Add', {}, [table]), ['operation', 'add']);
  const matrix = numpy(Array.from({ length: 6 }, () => [1, 2]));
  const spec = await around('Dot', {}, [matrix], [null, 4, 2]);
  assert.deepEqual([spec.layers[1]!.config['op'], spec.nodes[1]!.outputs], ['matmul', [[null, 4, 2]]]);
});

test('what mixes samples, leaves out the value itself or never runs in Keras stays opaque', async () => {
  const x = tensor('x', [null, 4, 6]);
  for (const [name, config, args] of [
    ['Dot', {}, [x]],
    ['Tensordot', { axes: 1 }, [x]],
    ['Sort', { axis: 0 }, []],
    ['Median', { axis: null }, []],
    ['Cumsum', { axis: 1, exclusive: true }, []],
    ['Quantile', { q: [0.1, 0.9], axis: 1 }, []],
    ['Quantile', { q: 0.1, axis: 1, method: 'nearest' }, []],
    ['ConvTranspose', { strides: 1 }, [numpy([[[1]]])]],
    ['DotProductAttention', { is_causal: true }, [x, x, numpy([1])]],
  ] as const)
    assert.equal((await kindsOf(name, config, args))[0], 'opaque', name);
});
