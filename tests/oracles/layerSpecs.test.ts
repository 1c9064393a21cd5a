import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { ACTIVATIONS } from '../../src/model/activations/catalogue.ts';
import { layerKindOfClass, layerKinds } from '../../src/model/layers/catalogue.ts';
import { OPERATIONS } from '../../src/model/layers/operations.ts';
import { rawConfig } from '../../src/model/layers/rawConfig.ts';
import { UNPROVEN } from '../../src/model/layers/unproven.ts';
import type { LayerSpec } from '../../src/model/spec.ts';
import { readBytes } from '../support/memoryFiles.ts';
import { type Oracle, oracleLines, oraclePython } from '../support/oracles.ts';
import { KERAS_CASES } from '../support/kerasCases.ts';
import { differences, type ModelNumbers } from '../support/modelOracle.ts';

interface Row extends Partial<ModelNumbers> {
  readonly name: string;
  readonly error?: string;
  readonly failed?: string;
  readonly json: string;
  readonly total: number;
  readonly trainable: number;
  readonly shapes: readonly (readonly number[])[];
  readonly outputs: readonly (readonly (number | null)[])[];
}

/** What tf-keras itself cannot build here. */
const REFUSED = new Set(['keras2: spectral norm']);

const backends = new Map<string, EngineBackend>();
before(async () => {
  for (const name of ['wasm', 'cpu'] as const) backends.set(name, await openBackend(name));
});

/** What the models of both frameworks held: kinds, activations and operations. */
const held = { kinds: new Set<string>(), activations: new Set<string>(), operations: new Set<string>() };

function remember(layer: LayerSpec): void {
  held.kinds.add(layer.kind);
  if (layer.activation !== undefined) held.activations.add(layer.activation.id);
  if (layer.kind === 'operation') held.operations.add(String(layer.config['op']));
  layer.inner?.forEach(remember);
}

const sorted = (shapes: readonly (readonly number[])[]): readonly string[] =>
  shapes.map((shape) => JSON.stringify(shape)).sort();

for (const [which, oracle] of [
  ['keras3', 'torch'],
  ['keras2', 'tf'],
] as const satisfies readonly (readonly [string, Oracle])[]) {
  const python = oraclePython(oracle);
  test(
    `${which}: weights, parameters, output shapes, outputs and gradients of every layer kind are the framework's own`,
    { skip: python === null },
    async (context) => {
      const rows = await oracleLines<Row>(python ?? '', 'kerasModels.py', [which]);
      assert.ok(rows.length > 55);
      for (const row of rows) {
        await context.test(row.name, async () => {
          if (row.error !== undefined) {
            assert.ok(REFUSED.has(`${which}: ${row.name}`), row.error);
            return;
          }
          const { models, problems } = await readBytes('/model.json', row.json);
          const [spec] = models;
          assert.ok(spec, JSON.stringify(problems));
          if (spec.taps === undefined) assert.deepEqual(spec.problems, []);
          assert.equal(spec.semantics.value, which);
          assert.deepEqual([spec.parameters.total, spec.parameters.trainable], [row.total, row.trainable]);
          assert.deepEqual(
            sorted(spec.layers.flatMap((layer) => layer.weights.map(({ shape }) => shape))),
            sorted(row.shapes),
          );
          const outputs = [...spec.outputs, ...(spec.taps ?? [])];
          const known = row.outputs.map((shape, i) =>
            shape.map((size, axis) => size ?? (axis === 0 ? null : (outputs[i]?.shape[axis] ?? null))),
          );
          assert.deepEqual(
            outputs.map(({ shape }) => shape),
            known,
          );
          assert.equal(row.failed, undefined);
          spec.layers.forEach(remember);
          for (const [name, backend] of backends) {
            await tf.setBackend(name);
            const { errors, notMeasured } = differences(backend, { ...spec, outputs }, row as ModelNumbers);
            assert.deepEqual(notMeasured, []);
            for (const [what, error] of Object.entries(errors))
              assert.ok(error < 1e-4, `${name}: ${what} differs by ${error}`);
          }
        });
      }
    },
  );
}

test(
  'every kind, activation and operation is held to a framework, or says that it is not',
  { skip: oraclePython('torch') === null || oraclePython('tf') === null },
  () => {
    for (const given of KERAS_CASES) {
      const raw = rawConfig(given.class, given.config ?? {}, given.only ?? 'keras3', () => undefined);
      const kind = layerKindOfClass(given.class);
      held.kinds.add(kind?.id ?? '');
      held.activations.add(kind?.parse(raw).activation?.id ?? '');
    }
    const missing = (all: readonly string[], found: ReadonlySet<string>): readonly string[] =>
      all.filter((id) => !found.has(id)).sort();
    const kinds = layerKinds().map(({ id }) => id);
    assert.deepEqual(missing(kinds, held.kinds), ['opaque']);
    const activations = ACTIVATIONS.map(({ id }) => id).filter((id) => id !== 'linear');
    assert.deepEqual(missing(activations, held.activations), Object.keys(UNPROVEN.activations).sort());
    assert.deepEqual(missing(OPERATIONS, held.operations), Object.keys(UNPROVEN.operations).sort());
    for (const name of Object.keys(UNPROVEN.classes)) assert.ok(layerKindOfClass(name), name);
  },
);
