import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { parseActivation } from '../../src/model/activations/catalogue.ts';
import { initializerKindOfName } from '../../src/model/initializers/catalogue.ts';
import { layerKindOfClass } from '../../src/model/layers/catalogue.ts';
import { OPAQUE_CLASSES } from '../../src/model/layers/opaqueClasses.ts';
import { OTHER_LOSSES, parseLoss } from '../../src/model/loss.ts';
import { TFJS_NAMES } from '../../src/readers/json/tfjsNames.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

interface Exported {
  readonly layers: readonly string[];
  readonly initializers: readonly string[];
  readonly activations: readonly string[];
  readonly losses: readonly string[];
}

/** Initializers that no layer of ours draws: base classes and a table of a Fourier transform. */
const NO_INITIALIZERS = new Set(['Initializer', 'STFT', 'STFTInitializer', 'stft']);
/** Names of losses that are none: the base class and its options. */
const NO_LOSSES = new Set(['Loss', 'Reduction']);

const unknownLayers = (names: readonly string[]): readonly string[] =>
  names.filter((name) => layerKindOfClass(name) === undefined && !Object.hasOwn(OPAQUE_CLASSES, name));

function exportedBy(python: string, which: string): Exported {
  const env = { ...oracleEnv, TF_USE_LEGACY_KERAS: '1' } as NodeJS.ProcessEnv;
  const args = [inRepo('tests', 'oracles', 'exported.py'), which];
  const text = execFileSync(python, args, { env, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Exported;
}

for (const [which, oracle] of [
  ['keras3', 'torch'],
  ['keras2', 'tf'],
] as const) {
  const python = oraclePython(oracle);
  describe(
    `everything that ${which} exports is known`,
    { skip: python === null && 'npm run oracles' },
    () => {
      const exported = python === null ? undefined : exportedBy(python, which);
      test('layers: a kind, or opaque for a stated reason', () => {
        assert.ok(exported!.layers.length > 100);
        assert.deepEqual(unknownLayers(exported!.layers), []);
      });
      test('initializers', () => {
        const unknown = exported!.initializers.filter((name) => initializerKindOfName(name) === undefined);
        assert.deepEqual(
          unknown.filter((name) => !NO_INITIALIZERS.has(name)),
          [],
        );
      });
      test('activations', () => {
        assert.deepEqual(
          exported!.activations.filter((name) => parseActivation(name, which) === undefined),
          [],
        );
      });
      test('losses: a form that is measured, or a stated other one', () => {
        const unknown = exported!.losses.filter(
          (name) => parseLoss(name, 'file') === undefined && !NO_LOSSES.has(name),
        );
        const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');
        assert.deepEqual(
          unknown.filter((name) => !OTHER_LOSSES.has(plain(name))),
          [],
        );
      });
    },
  );
}

test('everything that TensorFlow.js registers is known', () => {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const made = Object.entries(classNameMap);
  const below = (base: unknown): string[] =>
    made.flatMap(([name, [made]]) =>
      (made as { prototype: object }).prototype instanceof (base as new () => object) ? [name] : [],
    );
  const { Layer } = tfl.layers as unknown as { Layer: unknown };
  const models = new Set(['Model', 'Functional', 'Sequential']);
  const layers = below(Layer).filter((name) => !models.has(name));
  assert.ok(layers.length > 60);
  assert.deepEqual(unknownLayers(layers), []);
  const initializers = Object.keys(tfl.initializers).filter(
    (name) => initializerKindOfName(name) === undefined,
  );
  assert.deepEqual(initializers, []);
  const activations = [
    'elu',
    'selu',
    'relu',
    'relu6',
    'linear',
    'sigmoid',
    'hardSigmoid',
    'softplus',
    'softsign',
  ];
  activations.push('tanh', 'softmax', 'logSoftmax', 'gelu', 'gelu_new', 'mish', 'swish');
  assert.deepEqual(
    activations.filter(
      (name) => !Object.hasOwn(classNameMap, name) || parseActivation(name, 'tfjs') === undefined,
    ),
    [],
  );
  const notParts = /^(Ada\w+|Momentum|RMSProp|SGD|MaxNorm|UnitNorm|NonNeg|MinMaxNorm|L1L2)$/;
  assert.deepEqual(
    [...TFJS_NAMES].sort(),
    Object.keys(classNameMap)
      .filter((name) => !notParts.test(name))
      .sort(),
  );
});
