import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readBytes } from '../../support/memoryFiles.ts';

const dense = (name: string, outputs: number, inputs?: number) => ({
  class_name: 'Dense',
  config: {
    name,
    output_dim: outputs,
    init: 'glorot_uniform',
    activation: 'relu',
    ...(inputs === undefined ? {} : { input_dim: inputs, batch_input_shape: [null, inputs] }),
  },
});
const sequential = (...layers: object[]) => ({ class_name: 'Sequential', config: layers });
const merge = (mode: unknown, branches: readonly object[], more: object = {}) => ({
  class_name: 'Merge',
  config: {
    name: 'merge_1',
    mode,
    mode_type: 'raw',
    concat_axis: -1,
    dot_axes: -1,
    output_shape: null,
    output_shape_type: 'raw',
    arguments: {},
    layers: branches,
    ...more,
  },
});
const text = (model: object): string => JSON.stringify({ ...model, keras_version: '1.2.2' });
const two = [sequential(dense('a', 8, 3)), sequential(dense('b', 8, 5))];

async function read(model: object) {
  const { models, problems } = await readBytes('/m.json', text(model));
  const [spec] = models;
  assert.ok(spec, problems.map(({ message }) => message).join());
  return spec;
}

describe('a Keras 1 Sequential that starts with a Merge of branches', () => {
  const MODES = [
    ['sum', 'merge', 8],
    ['mul', 'merge', 8],
    ['ave', 'merge', 8],
    ['max', 'merge', 8],
    ['concat', 'concatenate', 16],
    ['dot', 'dot', 1],
    ['cos', 'dot', 1],
  ] as const;
  for (const [mode, kind, width] of MODES)
    test(mode, async () => {
      const spec = await read(sequential(merge(mode, two), dense('head', 2)));
      assert.deepEqual(
        spec.inputs.map(({ shape }) => shape),
        [
          [null, 3],
          [null, 5],
        ],
      );
      const node = spec.nodes.find(({ id }) => id === 'merge_1');
      assert.deepEqual(node?.outputs, [[null, width]]);
      const layer = spec.layers.find(({ id }) => id === 'merge_1');
      assert.equal(layer?.kind, kind);
      assert.equal(layer.config['normalize'] ?? false, mode === 'cos');
      assert.equal(spec.parameters.total, 3 * 8 + 8 + 5 * 8 + 8 + width * 2 + 2);
    });

  test('branches of branches, a bare layer, and names that stand twice', async () => {
    const inner = sequential(merge('sum', two), dense('c', 8));
    const bare = dense('a', 8, 7);
    const spec = await read(sequential(merge('concat', [inner, bare]), dense('head', 2)));
    assert.deepEqual(
      spec.inputs.map(({ shape }) => shape.at(-1)),
      [3, 5, 7],
    );
    assert.deepEqual(
      spec.layers.filter(({ kind }) => kind === 'dense').map(({ id }) => id),
      ['a', 'b', 'c', 'a_2', 'head'],
    );
    assert.deepEqual(spec.nodes.find(({ id }) => id === 'merge_1')?.outputs, [[null, 16]]);
  });

  test('a function as mode is not run, and what depends on it is left out', async () => {
    const spec = await read(
      sequential(merge(['4wE=', null, null], two, { mode_type: 'lambda' }), dense('head', 2)),
    );
    assert.match(
      spec.problems.map(({ message }) => message).join(' '),
      /Merge is not run: its mode is a function/,
    );
    assert.ok(spec.layers.some(({ id, kind }) => id === 'a' && kind === 'dense'));
  });

  test('a branch without layers is named', async () => {
    const { models, problems } = await readBytes(
      '/m.json',
      text(sequential(merge('sum', [sequential(), sequential(dense('b', 8, 5))]))),
    );
    assert.equal(models.length, 0);
    assert.equal(problems[0]?.message, 'The model has no layers.');
  });
});
