import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../../src/engine/backends.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { testSpec } from '../../support/builtSpecs.ts';
import { runLayers } from '../../support/runLayers.ts';

let backend: EngineBackend;
before(async () => {
  backend = await openBackend('wasm');
});

/** Runs one operation on inputs of batch 1 that count 1, 2, 3 …; returns the shape after the batch and the values. */
function run(config: JsonObject, ...shapes: number[][]): { shape: number[]; values: number[] } {
  const names = shapes.map((_, i) => `in${i}`);
  const spec = testSpec({
    inputs: shapes.map((shape, i) => ({ name: names[i]!, shape })),
    layers: [{ class: 'Operation', name: 'op', config, inputs: names }],
  });
  const inputs = shapes.map((shape) => {
    const size = shape.reduce((product, next) => product * next, 1);
    return { shape: [1, ...shape], values: Float32Array.from({ length: size }, (_, i) => i + 1) };
  });
  const size = spec.outputs[0]!.shape.slice(1).reduce<number>((product, next) => product * next!, 1);
  const made = runLayers(backend, spec, inputs, {}, [new Float32Array(size).fill(1)]);
  assert.deepEqual(made.notMeasured, []);
  assert.deepEqual(made.outputs[0]!.shape.slice(1), spec.outputs[0]!.shape.slice(1));
  assert.ok(made.inputGradients.every((gradient) => gradient !== undefined));
  const values = [...made.outputs[0]!.values].map((value) => Math.round(value * 1e4) / 1e4);
  return { shape: [...made.outputs[0]!.shape.slice(1)], values };
}

const CASES: readonly [JsonObject, number[][], number[], number[]][] = [
  [{ op: 'divide', constant: 2 }, [[3]], [3], [0.5, 1, 1.5]],
  [{ op: 'divide', constant: 6, constantFirst: true }, [[3]], [3], [6, 3, 2]],
  [{ op: 'power', constant: 2 }, [[3]], [3], [1, 4, 9]],
  [{ op: 'maximum', constant: 2 }, [[3]], [3], [2, 2, 3]],
  [{ op: 'mean', axes: [1] }, [[2, 2]], [2], [2, 3]],
  [{ op: 'sum', axes: [-1], keepDims: true }, [[2, 2]], [2, 1], [3, 7]],
  [{ op: 'negative' }, [[2]], [2], [-1, -2]],
  [{ op: 'sqrt' }, [[4]], [4], [1, 1.4142, 1.7321, 2]],
  [{ op: 'expandDims', axes: [-1] }, [[2]], [2, 1], [1, 2]],
  [{ op: 'squeeze', axes: [1] }, [[1, 2]], [2], [1, 2]],
  [{ op: 'stack', axes: [1] }, [[2], [2]], [2, 2], [1, 2, 1, 2]],
  [{ op: 'swapAxes', axes: [1, 2] }, [[2, 2]], [2, 2], [1, 3, 2, 4]],
  [
    {
      op: 'pad',
      pads: [
        [0, 0],
        [1, 0],
      ],
    },
    [[2]],
    [3],
    [0, 1, 2],
  ],
  [{ op: 'slice', slices: [{ start: null, stop: null, step: null }, { index: -1 }] }, [[2, 2]], [2], [3, 4]],
  [
    {
      op: 'slice',
      slices: [
        { start: null, stop: null, step: null },
        { start: 0, stop: null, step: 2 },
      ],
    },
    [[5]],
    [3],
    [1, 3, 5],
  ],
  [
    { op: 'matmul' },
    [
      [2, 2],
      [2, 2],
    ],
    [2, 2],
    [7, 10, 15, 22],
  ],
  [
    { op: 'einsum', equation: 'abc,abd->acd' },
    [
      [2, 2],
      [2, 1],
    ],
    [2, 1],
    [7, 10],
  ],
];

for (const [config, shapes, shape, values] of CASES) {
  test(`operation ${JSON.stringify(config)}`, () => {
    assert.deepEqual(run(config, ...shapes), { shape, values });
  });
}
