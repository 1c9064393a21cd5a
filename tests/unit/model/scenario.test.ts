import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeatable } from '../../../src/model/repeat.ts';
import { resized } from '../../../src/model/resize.ts';
import { scenarioChanges, scenarioSpec, type Scenario } from '../../../src/model/scenario.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { predict, predictionMemory, predictNodes } from '../../../src/theory/predict.ts';
import { testSpec } from '../../support/builtSpecs.ts';
import { kerasDense, kerasSequential } from '../../support/kerasJson.ts';
import { readBytes } from '../../support/memoryFiles.ts';

const HEAD = kerasDense('out', 3, { activation: 'softmax' });
const norm = (name: string) => ({ class_name: 'BatchNormalization', config: { name, axis: [1] } });
const relu = (name: string) => ({ class_name: 'Activation', config: { name, activation: 'relu' } });
const conv = (name: string, filters: number) => ({
  class_name: 'Conv2D',
  config: { name, filters, kernel_size: [3, 3], padding: 'same', activation: 'relu' },
});

async function net(layers: readonly object[], inputs?: readonly number[]): Promise<ModelSpec> {
  const { models } = await readBytes('/model.json', kerasSequential(layers, inputs));
  const [spec] = models;
  assert.ok(spec);
  return spec;
}

/** What measuring and predicting depend on, in the order of the calls. */
const body = ({ layers, nodes, outputs, parameters }: ModelSpec) => ({
  layers: nodes.map(({ layer }) => {
    const found = layers.find(({ id }) => id === layer);
    return { id: found?.id, weights: found?.weights, roles: found?.roles, config: found?.config };
  }),
  nodes,
  shapes: outputs.map(({ shape }) => shape),
  parameters,
});

test('a wider model is the model of a file of that size', async () => {
  const small = await net([kerasDense('a', 16), kerasDense('b', 8), HEAD]);
  const large = await net([kerasDense('a', 32), kerasDense('b', 16), HEAD]);
  assert.deepEqual(body(resized(small, { width: 2, depth: 1 })), body(large));
  const one = await net([kerasDense('a', 16), kerasDense('b', 16), HEAD]);
  assert.deepEqual(body(resized(small, { width: 2, depth: 1, layer: 'b' })), body(one));
  const flat = { class_name: 'Flatten', config: { name: 'flat' } };
  const cnn = (filters: number) => net([conv('c', filters), conv('d', filters), flat, HEAD], [8, 8, 3]);
  assert.deepEqual(body(resized(await cnn(8), { width: 0.5, depth: 1 })), body(await cnn(4)));
});

test('glu halves what it is given', () => {
  const dense = (name: string, units: number, activation?: string) => ({
    class: 'Dense',
    name,
    config: { units, ...(activation === undefined ? {} : { activation }) },
  });
  const glu = (units: number) =>
    testSpec({ inputs: [4], layers: [dense('a', units, 'glu'), dense('b', 8), dense('out', 3)] });
  assert.deepEqual(body(resized(glu(16), { width: 2, depth: 1, layer: 'a' })), body(glu(32)));
});

test('a reversible embedding keeps its shapes, called either way', () => {
  const spec = testSpec({
    inputs: [{ name: 'ids', shape: [6], vocabulary: 50 }],
    layers: [
      { class: 'ReversibleEmbedding', name: 'table', config: { input_dim: 50, output_dim: 8 } },
      { class: 'Dense', name: 'wide', config: { units: 20 } },
      { class: 'Dense', name: 'back', config: { units: 8 } },
      { class: 'ReversibleEmbedding', name: 'logits', again: 'table', kwargs: { reverse: true } },
      { class: 'Dense', name: 'out', config: { units: 3 } },
    ],
  });
  assert.deepEqual(body(resized(spec, { width: 1 + 1e-9, depth: 1 })), body(spec));
  const wide = resized(spec, { width: 2, depth: 1, layer: 'wide' });
  const called = ({ nodes }: ModelSpec) => nodes.map(({ outputs }) => outputs[0]?.at(-1));
  assert.deepEqual(called(wide), [...called(spec).slice(0, 2), 40, 8, 50, 3]);
  assert.throws(
    () => resized(spec, { width: 2, depth: 1, layer: 'back' }),
    /^InputError: table does not fit/,
  );
});

test('a deeper model repeats what keeps its shape, with its norm and activation, as a file would', async () => {
  const linear = (name: string) => kerasDense(name, 16, { activation: 'linear' });
  const spec = await net([kerasDense('a', 16), linear('b'), norm('n'), relu('r'), HEAD]);
  assert.deepEqual([...repeatable(spec)], ['b']);
  const written = await net([
    kerasDense('a', 16),
    ...[linear('b'), norm('n'), relu('r')],
    ...[linear('b×2'), norm('n×2'), relu('r×2')],
    HEAD,
  ]);
  assert.deepEqual(body(resized(spec, { width: 1, depth: 2 })), body(written));
  assert.equal(resized(spec, { width: 1, depth: 1 }), spec);
});

test('what does not fit is refused with a reason that names the layer', async () => {
  const spec = await net([kerasDense('a', 16), HEAD]);
  assert.throws(() => resized(spec, { width: 1, depth: 2 }), /no hidden layer gives the shape it takes/);
  assert.throws(
    () => resized(spec, { width: 1, depth: 2, layer: 'a' }),
    /a does not give the shape it takes/,
  );
  const reshape = { class_name: 'Reshape', config: { name: 'r', target_shape: [4, 4] } };
  const flat = { class_name: 'Flatten', config: { name: 'flat' } };
  const fixed = await net([kerasDense('a', 16), reshape, flat, HEAD]);
  assert.throws(() => resized(fixed, { width: 2, depth: 1 }), /^.*r does not fit this size/);
});

test('a scenario of one layer leaves the others alone, and its copies follow it', async () => {
  const spec = await net([kerasDense('a', 16), kerasDense('b', 16), HEAD]);
  const scenario: Scenario = { layer: 'b', initializer: 'gain', gain: 2, depth: 3, activation: 'tanh' };
  const made = scenarioSpec(spec, scenario);
  const own = made.layers.filter(({ activation }) => activation?.id === 'tanh').map(({ id }) => id);
  assert.deepEqual(own, ['b', 'b×2', 'b×3']);
  assert.deepEqual(
    scenarioChanges(spec, scenario).map((change) =>
      'initializer' in change ? [change.layers, change.initializer.params['stddev']] : Object.keys(change),
    ),
    [
      ['layers', 'activation'],
      [['b'], 0.5],
      ['layers', 'times'],
    ],
  );
});

test('a prediction with memory is the prediction without, whatever was changed before', async () => {
  const spec = await net([
    ...Array.from({ length: 12 }, (_, index) =>
      kerasDense(`d${index}`, 16, { activation: index % 2 ? 'tanh' : 'relu' }),
    ),
    HEAD,
  ]);
  const memory = predictionMemory();
  const scenarios: Scenario[] = [
    { gain: 1 },
    { gain: 3, initializer: 'gain', layer: 'd7' },
    { gain: 0.2, initializer: 'gain', layer: 'd7' },
    { gain: 1, activation: 'sigmoid', layer: 'd2' },
    { gain: 1, initializer: 'glorotUniform' },
    { gain: 1 },
  ];
  for (const scenario of scenarios) {
    const asked = scenarioSpec(spec, scenario);
    assert.deepEqual(predictNodes(asked, memory).nodes, predict(asked).nodes);
  }
});
