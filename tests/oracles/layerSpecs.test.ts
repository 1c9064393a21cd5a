import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readBytes } from '../support/memoryFiles.ts';
import { type Oracle, oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

interface Row {
  readonly name: string;
  readonly error?: string;
  readonly json: string;
  readonly total: number;
  readonly trainable: number;
  readonly shapes: readonly (readonly number[])[];
  readonly outputs: readonly (readonly (number | null)[])[];
}

/** What tf-keras itself cannot build here. */
const REFUSED = new Set(['keras2: spectral norm']);

const sorted = (shapes: readonly (readonly number[])[]): readonly string[] =>
  shapes.map((shape) => JSON.stringify(shape)).sort();

for (const [which, oracle] of [
  ['keras3', 'torch'],
  ['keras2', 'tf'],
] as const satisfies readonly (readonly [string, Oracle])[]) {
  const python = oraclePython(oracle);
  test(
    `${which}: weights, parameters and output shapes of every layer kind are the framework's own`,
    { skip: python === null },
    async (context) => {
      const script = inRepo('tests', 'oracles', 'kerasModels.py');
      const { stdout } = await promisify(execFile)(python ?? '', [script, which], {
        env: oracleEnv,
        maxBuffer: 2 ** 26,
      });
      const rows = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Row);
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
        });
      }
    },
  );
}
