import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import type { TapStats, TensorStats } from '../../src/model/measurement.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { assertClose } from './kernels.ts';
import { type Block, irregular, type LayerRun, runLayers } from './runLayers.ts';

const backends = new Map<string, EngineBackend>();

/** Opens the backends that `assertSame` compares. */
export async function openBoth(): Promise<void> {
  for (const [name, kernels] of [
    ['wasm', 'own-plain'],
    ['cpu', 'stock'],
  ] as const)
    backends.set(name, await openBackend(name, {}, kernels));
}

const size = (shape: readonly number[]) => shape.reduce((product, next) => product * next, 1);

function run(
  name: 'wasm' | 'cpu',
  spec: ModelSpec,
  inputs: readonly Block[],
  batch: number,
  scale: number,
): LayerRun {
  void tf.setBackend(name);
  const weights = spec.layers.flatMap(({ id, weights: own }) =>
    own.map(({ name: weight, shape }, i): [string, Block] => [
      `${id}/${weight}`,
      { shape, values: irregular(size(shape), 20 + i, scale) },
    ]),
  );
  const outputs = spec.outputs.map(
    ({ ref }) => spec.nodes.find(({ id }) => id === ref.node)!.outputs[ref.output]!,
  );
  const projection = outputs.map((shape, i) => irregular(size(shape.map((each) => each ?? batch)), 90 + i));
  return runLayers(backends.get(name)!, spec, inputs, Object.fromEntries(weights), projection);
}

function byName(taps: readonly TapStats[]): Map<string, TapStats> {
  return new Map(taps.map((tap) => [[tap.node, tap.quantity, tap.name].join(' '), tap]));
}

/** Weights of up to 0.7 and inputs of about 1 make terms of up to about 0.5 in an output; where they cancel, their rounding is left. */
const OUTPUT_TERM = 0.5;

const most = (values: ArrayLike<number>) =>
  Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/**
 * As `assertClose`, but what is a tenth of the largest gradient or less is held to that. Where the terms of a sum cancel (a key's bias has no
 * gradient at all) only their rounding is left: of n terms about √n · 1.2·10⁻⁷ of the largest, 1.9·10⁻⁶ for the 9·9·3 of the largest case,
 * and 2·10⁻⁵ of a tenth is 2·10⁻⁶.
 */
function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance: number,
  largest: number,
): void {
  const floor = 0.1 * largest;
  assertClose([...Array.from(actual), floor], [...Array.from(expected), floor], what, tolerance);
}

/** Outputs, gradients and taps of a model are the same by our kernels' single operations and, on the cpu backend, one operation after the other. */
export function assertSame(spec: ModelSpec, inputs: readonly Block[], batch: number, scale = 0.7): void {
  const [fused, plain] = [run('wasm', spec, inputs, batch, scale), run('cpu', spec, inputs, batch, scale)];
  assert.deepEqual(fused.notMeasured, []);
  plain.outputs.forEach(({ values: expected }, i) =>
    assertNear(fused.outputs[i]!.values, expected, 'output', 1e-5, OUTPUT_TERM),
  );
  const largest = Math.max(
    ...Object.values(plain.weightGradients).flatMap((block) => (block ? most(block.values) : [])),
  );
  plain.inputGradients.forEach((expected, i) => {
    if (expected)
      assertNear(fused.inputGradients[i]!.values, expected.values, `gradient of input ${i}`, 2e-5, largest);
  });
  for (const [name, expected] of Object.entries(plain.weightGradients))
    if (expected) assertNear(fused.weightGradients[name]!.values, expected.values, name, 2e-5, largest);
  const seen = byName(fused.taps);
  for (const [key, { value, gradient, units }] of byName(plain.taps)) {
    const same = seen.get(key);
    assert.ok(same, `tap ${key}`);
    const both = [
      [same.value, value],
      // A returned state is the output's tensor or one of its own: its gradient is that of both or of the state alone.
      ...(/ output \d/.test(key) ? [] : [[same.gradient, gradient] as const]),
    ] as const;
    both.forEach(([ours, theirs]) => {
      assert.equal(ours === undefined, theirs === undefined, `gradient of ${key}`);
      if (ours === undefined || theirs === undefined) return;
      assert.equal(ours.count, theirs.count, key);
      const numbers = ({ rms, min, max }: TensorStats) => [rms, min, max];
      assertNear(numbers(ours), numbers(theirs), key, 5e-5, largest);
    });
    assert.equal(same.units?.saturated === undefined, units?.saturated === undefined, key);
    if (units?.saturated !== undefined)
      assert.ok(Math.abs(same.units!.saturated! - units.saturated) < 0.02, key);
  }
  assert.equal(seen.size, byName(plain.taps).size);
}
