import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type Block, irregular, relativeError, runLayers } from '../support/runLayers.ts';
import { testSpec } from '../support/builtSpecs.ts';
import { type Case, CASES } from '../support/tfjsCases.ts';

const backends = new Map<string, EngineBackend>();
before(async () => {
  for (const name of ['wasm', 'cpu'] as const) backends.set(name, await openBackend(name));
});

const camel = (config: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      typeof value === 'string' && key !== 'activation'
        ? value.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
        : value === 'hard_sigmoid'
          ? 'hardSigmoid'
          : value,
    ]),
  );

const block = (tensor: tf.Tensor): Block => ({
  shape: tensor.shape,
  values: Float32Array.from(tensor.dataSync()),
});

interface Reference {
  readonly output: Block;
  readonly projection: Float32Array;
  readonly inputGradients: readonly Block[];
  readonly weightGradients: readonly Block[];
}

const BATCH = 3;

function makeInputs({ inputs, ids }: Case): Block[] {
  return inputs.map((shape, i) => {
    const full = [BATCH, ...shape];
    const size = full.reduce((product, next) => product * next, 1);
    const values = irregular(size, i + 1, 2);
    return {
      shape: full,
      values: ids === undefined ? values : values.map((value) => Math.floor(((value + 2) / 4) * ids)),
    };
  });
}

/** tfjs-layers' own output and gradients for a layer with weights that `weightsFor` gives (in its order). */
function referenceOf(
  given: Case,
  inputs: readonly Block[],
  weights: readonly Block[] | undefined,
): Reference & { weightShapes: number[][] } {
  const symbolic = inputs.map(({ shape }) => tfl.input({ shape: shape.slice(1) }));
  const layer = factory(given.class)(camel(given.config ?? {}));
  layer.apply(symbolic.length === 1 ? symbolic[0]! : symbolic);
  const weightShapes = layer.getWeights().map(({ shape }) => shape);
  if (weights !== undefined)
    layer.setWeights(weights.map(({ shape, values }) => tf.tensor(values, [...shape])));
  const fed = inputs.map(({ shape, values }) => tf.tensor(values, [...shape]));
  const call = (xs: tf.Tensor[]) =>
    layer.call(xs.length === 1 ? xs[0]! : xs, given.training ? { training: true } : {}) as tf.Tensor;
  const first = call(fed);
  const output = block(Array.isArray(first) ? (first as tf.Tensor[])[0]! : first);
  const projection = irregular(output.values.length, 99);
  const single = (xs: tf.Tensor[]) => {
    const made = call(xs);
    return Array.isArray(made) ? (made as tf.Tensor[])[0]! : made;
  };
  const loss = () => tf.sum(tf.mul(single(fed), tf.tensor(projection, [...output.shape]))) as tf.Scalar;
  const variables = layer.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
  const inputGradients = tf
    .grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(single(xs), tf.tensor(projection, [...output.shape]))))(fed)
    .map(block);
  const grads = variables.length === 0 ? {} : tf.variableGrads(loss, variables).grads;
  return {
    output,
    projection,
    inputGradients,
    weightGradients: variables.map(({ name }) => block(grads[name]!)),
    weightShapes,
  };
}

type Factory = (config: JsonObject) => tfl.layers.Layer;

/** The factory of a class name, whatever its case (`conv2d`, `elu`, `leakyReLU`). */
function factory(name: string): Factory {
  const found = Object.entries(tfl.layers).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found![1] as unknown as Factory;
}

describe('every layer kind that tfjs-layers has', () => {
  for (const given of CASES) {
    const label = `${given.class} ${JSON.stringify(given.config ?? {})}`;
    test(label, async () => {
      const inputs = makeInputs(given);
      await tf.setBackend('cpu');
      const { weightShapes } = referenceOf(given, inputs, undefined);
      const spec = testSpec({
        inputs: given.inputs.map((shape, i) => ({
          name: `in${i}`,
          shape,
          ...(given.ids === undefined ? {} : { vocabulary: given.ids }),
        })),
        layers: [
          {
            class: given.class,
            name: 'layer',
            config: given.config ?? {},
            inputs: given.inputs.map((_, i) => `in${i}`),
          },
        ],
        semantics: 'tfjs',
      });
      const own = spec.layers.at(-1)!.weights;
      assert.deepEqual(
        own.map(({ shape }) => [...shape]),
        weightShapes,
        'weights and their order',
      );
      const values = own.map(({ shape, part }, i): Block => {
        const size = shape.reduce((product, next) => product * next, 1);
        const drawn = irregular(size, 20 + i);
        return {
          shape,
          values: part === 'statistic' || part === 'scale' ? drawn.map((value) => 1.5 + value) : drawn,
        };
      });
      const expected = referenceOf(given, inputs, values);
      const weights = Object.fromEntries(own.map(({ name }, i) => [`layer/${name}`, values[i]!]));
      for (const [name, backend] of backends) {
        await tf.setBackend(name);
        const run = runLayers(backend, spec, inputs, weights, [expected.projection]);
        assert.deepEqual(run.notMeasured, []);
        assert.deepEqual(run.outputs[0]!.shape, expected.output.shape);
        const close = (what: string, a: Float32Array | undefined, b: Float32Array) => {
          const error = relativeError(a, b);
          assert.ok(error < 1e-4, `${name}: ${what} differs by ${error}`);
        };
        close('output', run.outputs[0]!.values, expected.output.values);
        expected.inputGradients.forEach(({ values: b }, i) =>
          close(`gradient of input ${i}`, run.inputGradients[i]?.values, b),
        );
        own
          .filter(({ trainable }) => trainable)
          .forEach(({ name: weight }, i) =>
            close(
              `gradient of ${weight}`,
              run.weightGradients[`layer/${weight}`]?.values,
              expected.weightGradients[i]!.values,
            ),
          );
      }
      await tf.setBackend('cpu');
    });
  }
});
