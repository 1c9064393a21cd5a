import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../../src/engine/backends.ts';
import { keyOf } from '../../../src/engine/draws/philox.ts';
import { uniform } from '../../../src/engine/draws/reference.ts';
import type { InputData } from '../../../src/engine/inputs.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import type { TapStats } from '../../../src/model/measurement.ts';
import { mlp, testPlan, testSpec } from '../../support/builtSpecs.ts';

const BATCH = 256;

const uniformData =
  (high: number): InputData =>
  (_input, shape, part) => {
    const values = new Float32Array(shape.reduce((all, next) => all * next, 1));
    uniform(values, keyOf(part, 'uniform data', ''), 0, high);
    return values;
  };

/** theory.md §3.5: He, width 512, 256 N(0,1) inputs, zero bias: depth, dead share. */
const NORMAL = [
  [1, 0],
  [3, 0.004],
  [5, 0.05],
  [10, 0.12],
  [20, 0.28],
  [30, 0.32],
  [50, 0.38],
] as const;

/** The same of U(0,1) inputs. */
const POSITIVE = [
  [1, 0.06],
  [5, 0.12],
  [10, 0.22],
] as const;

describe('theory.md §3.5: units that are dead on a batch', () => {
  let backend: EngineBackend;
  before(async () => {
    backend = await openBackend('wasm');
  });

  async function taps(
    depth: number,
    width: number,
    inputs: number,
    data?: InputData,
  ): Promise<readonly (readonly TapStats[])[]> {
    const layers = mlp(new Array<number>(depth).fill(width), 'relu', 'he_normal', 'relu');
    const spec = testSpec({ inputs: [inputs], layers });
    const seeds = [1, 2];
    const normal = testPlan(spec, BATCH, seeds);
    const plan = data === undefined ? normal : { ...normal, inputLaw: 'data' as const };
    const hooks = { backend, ...(data === undefined ? {} : { data }) };
    const measured = await measureSeeds({ spec, changes: [], plan, seeds }, hooks);
    return measured.seeds.map((seed) => seed.taps);
  }
  const share = (
    seeds: readonly (readonly TapStats[])[],
    depth: number,
    part: 'dead' | 'alwaysOn',
  ): number => {
    const each = seeds.map(
      (all) =>
        all.find(({ node, quantity }) => node === `layer${depth - 1}` && quantity === 'activation')?.units?.[
          part
        ] ?? NaN,
    );
    return each.reduce((sum, value) => sum + value, 0) / each.length;
  };

  test('N(0,1) inputs: dead and always-on shares by depth', async (t) => {
    const seeds = await taps(50, 512, 512);
    for (const [depth, expected] of NORMAL)
      await t.test(`layer ${depth}: ${expected}`, () => {
        // One net each: shares move together with the net's cosine, ±15 % and a few units.
        const allowed = 0.015 + 0.25 * expected;
        const [dead, on] = [share(seeds, depth, 'dead'), share(seeds, depth, 'alwaysOn')];
        assert.ok(Math.abs(dead - expected) <= allowed, `dead ${dead}`);
        assert.ok(Math.abs(on - expected) <= allowed + 0.03, `always on ${on}`);
      });
  });
  test('U(0,1) inputs', async (t) => {
    const seeds = await taps(10, 512, 512, uniformData(1));
    for (const [depth, expected] of POSITIVE)
      await t.test(`layer ${depth}: ${expected}`, () => {
        const dead = share(seeds, depth, 'dead');
        assert.ok(Math.abs(dead - expected) <= 0.02 + 0.25 * expected, `dead ${dead}`);
      });
  });
  test('0–255 inputs, n = 784: pre-activation std 210', async () => {
    const [first] = await taps(1, 512, 784, uniformData(255));
    const pre = first?.find(({ quantity }) => quantity === 'preActivation');
    // √(2·E[x²]) = √(2/3)·255 = 208.2; 512 units of 784 inputs: ±3 %.
    assert.ok(pre && Math.abs(pre.value.rms / 208.2 - 1) < 0.06, String(pre?.value.rms));
  });
});
