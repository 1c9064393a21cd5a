import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { normals } from '../../support/normalStream.ts';

/** theory.md §3.5: width, depth (the output layer counted), simulated, lower and upper bound of a net being born dead. */
const TABLE = [
  [2, 5, 0.498, 0.477, 0.684],
  [2, 10, 0.88, 0.87, 0.925],
  [2, 20, 0.993, 0.993, 0.996],
  [3, 10, 0.578, 0.513, 0.699],
  [4, 10, 0.295, 0.204, 0.441],
  [4, 20, 0.625, 0.52, 0.707],
  [5, 20, 0.355, 0.214, 0.453],
  [8, 50, 0.138, 0.031, 0.175],
  [10, 100, 0.079, 0.009, 0.092],
] as const;

/** Lu et al. 2020, symmetric draws: P ≤ 1 − Π (1 − 2^−N). */
const upper = (width: number, depth: number): number => 1 - (1 - 2 ** -width) ** (depth - 1);

/** Lu et al. 2020, one input, zero biases, constant width. */
function lower(width: number, depth: number): number {
  const half = 2 ** -width;
  const one = 1 - half;
  const two = 1 - 2 * half - (width - 1) * half * half;
  const weight = ((1 - 2 * half) * (1 - half)) / (1 + (width - 1) * half);
  return 1 - one ** (depth - 2) + weight * (two ** (depth - 2) - one ** (depth - 2));
}

/** Share of nets with one input whose hidden layers are all 0 for both signs of it: without biases a net has no other inputs. */
function simulated(width: number, depth: number, nets: number): number {
  const stream = normals(`${width} ${depth}`, nets * width * (1 + (depth - 2) * width));
  let at = 0;
  let dead = 0;
  const relu = (value: number): number => Math.max(0, value);
  for (let net = 0; net < nets; net += 1) {
    const first = Array.from({ length: width }, () => stream[at++]!);
    let signs = [first.map(relu), first.map((value) => relu(-value))];
    for (let layer = 0; layer < depth - 2; layer += 1) {
      const kernel = stream.subarray(at, at + width * width);
      at += width * width;
      signs = signs.map((input) => {
        const size = Math.max(...input);
        return input.map((_, unit) =>
          relu(
            input.reduce(
              (sum, value, from) => sum + (size > 0 ? value / size : 0) * kernel[from * width + unit]!,
              0,
            ),
          ),
        );
      });
    }
    if (signs.every((output) => output.every((value) => value === 0))) dead += 1;
  }
  return dead / nets;
}

describe('theory.md §3.5: nets that are born dead', () => {
  for (const [width, depth, share, low, high] of TABLE) {
    test(`width ${width}, depth ${depth}: ${low} ≤ ${share} ≤ ${high}`, () => {
      assert.ok(Math.abs(lower(width, depth) - low) < 5.1e-4, `lower ${lower(width, depth)}`);
      assert.ok(Math.abs(upper(width, depth) - high) < 5.1e-4, `upper ${upper(width, depth)}`);
      const nets = 4000;
      const got = simulated(width, depth, nets);
      const error = 3.5 * Math.sqrt((share * (1 - share)) / nets) + 0.006;
      assert.ok(Math.abs(got - share) < error, `simulated ${got}`);
    });
  }
  for (const [depth, width] of [
    [10, 10],
    [20, 11],
    [50, 13],
    [100, 14],
  ] as const) {
    test(`depth ${depth}: width ${width} for an upper bound below 1 %`, () => {
      assert.ok(upper(width, depth) < 0.01 && upper(width - 1, depth) >= 0.01, String(upper(width, depth)));
    });
  }
});
