import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import type { KerasCase } from '../support/kerasCase.ts';
import { KERAS_CASES } from '../support/kerasCases.ts';
import { askKeras, type OracleQuestion, type OracleResult } from '../support/kerasOracle.ts';
import { oraclePython } from '../support/oracles.ts';
import { type Block, irregular, relativeError, runLayers } from '../support/runLayers.ts';
import { testSpec } from '../support/builtSpecs.ts';

const BATCH = 3;
const size = (shape: readonly number[]): number => shape.reduce((product, next) => product * next, 1);
const label = ({ class: name, config, call, inputs }: KerasCase): string =>
  `${name} ${JSON.stringify({ ...config, ...call })} on ${JSON.stringify(inputs)}`;

function inputsOf({ inputs, ids }: KerasCase): Block[] {
  return inputs.map((shape, i) => {
    const full = [BATCH, ...shape];
    const values = irregular(size(full), i + 1, 2);
    return {
      shape: full,
      values: ids === undefined ? values : values.map((value) => Math.floor(((value + 2) / 4) * ids)),
    };
  });
}

function specOf(given: KerasCase, semantics: 'keras3' | 'keras2'): ModelSpec {
  const names = given.inputs.map((_, i) => `in${i}`);
  return testSpec({
    inputs: given.inputs.map((shape, i) => ({
      name: names[i]!,
      shape,
      ...(given.ids === undefined ? {} : { vocabulary: given.ids }),
    })),
    layers: [
      {
        class: given.class,
        name: 'layer',
        config: given.config ?? {},
        inputs: names,
        ...(given.call ? { kwargs: given.call } : {}),
      },
    ],
    semantics,
  });
}

/** Weights in the framework's order: Keras puts trainable ones first. */
function weightsOf(spec: ModelSpec): { name: string; block: Block }[] {
  const own = spec.layers.find(({ id }) => id === 'layer')!.weights.filter(({ name }) => name !== 'count');
  const ordered = [...own.filter(({ trainable }) => trainable), ...own.filter(({ trainable }) => !trainable)];
  return ordered.map(({ name, shape, part }, i) => {
    const drawn = irregular(size(shape), 20 + i);
    const positive = part === 'statistic' || part === 'scale';
    return {
      name: `layer/${name}`,
      block: { shape, values: positive ? drawn.map((value) => 1.5 + value) : drawn },
    };
  });
}

for (const [framework, oracle] of [
  ['keras3', 'torch'],
  ['keras2', 'tf'],
] as const) {
  describe(`every layer kind against ${framework}`, () => {
    const python = oraclePython(oracle);
    const cases = KERAS_CASES.filter(({ only }) => only === undefined || only === framework);
    const backends = new Map<string, EngineBackend>();
    let answers: (OracleResult | string)[] = [];
    const questions: (OracleQuestion & { spec: ModelSpec; names: string[] })[] = [];
    before(async () => {
      for (const name of ['wasm', 'cpu'] as const) backends.set(name, await openBackend(name));
      if (python === null) return;
      for (const given of cases) {
        const spec = specOf(given, framework);
        const weights = weightsOf(spec);
        const outputShape = [BATCH, ...(spec.outputs[0]!.shape.slice(1) as number[])];
        questions.push({
          given,
          spec,
          names: weights.map(({ name }) => name),
          inputs: inputsOf(given),
          weights: weights.map(({ block }) => block),
          projection: irregular(size(outputShape), 99),
          outputShape,
        });
      }
      answers = askKeras(python, framework, questions);
    });
    cases.forEach((given, index) => {
      test(label(given), { skip: python === null && 'npm run oracles' }, async () => {
        const { spec, inputs, weights, projection, names } = questions[index]!;
        const expected = answers[index]!;
        assert.ok(typeof expected !== 'string', `${framework} says: ${String(expected)}`);
        const byName = Object.fromEntries(names.map((name, i) => [name, weights[i]!]));
        for (const [name, backend] of backends) {
          await tf.setBackend(name);
          const run = runLayers(backend, spec, inputs, byName, [projection!]);
          assert.deepEqual(run.notMeasured, []);
          const close = (what: string, a: Float32Array | undefined, b: Float32Array): void => {
            const error = relativeError(a, b);
            assert.ok(error < 1e-4, `${name}: ${what} differs by ${error}`);
          };
          close('output', run.outputs[0]!.values, expected.output.values);
          expected.inputGradients.forEach((block, i) => {
            if (block !== null) close(`gradient of input ${i}`, run.inputGradients[i]?.values, block.values);
          });
          expected.weightGradients.forEach((block, i) => {
            if (block !== null && given.class !== 'SpectralNormalization')
              close(`gradient of ${names[i]!}`, run.weightGradients[names[i]!]?.values, block.values);
          });
        }
      });
    });
  });
}
