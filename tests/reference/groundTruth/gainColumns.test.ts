import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseActivation } from '../../../src/model/activations/catalogue.ts';
import { openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import { gains } from '../../../src/theory/gains.ts';
import { mlp as netLayers, testPlan, testSpec as builtSpec } from '../../support/builtSpecs.ts';

const leaky = (slope: number): unknown => ({ class_name: 'LeakyReLU', config: { negative_slope: slope } });

/** theory.md §4.1: activation; per-layer factor on q at q = 1 under He and under Glorot. */
const TABLE: readonly (readonly [unknown, number, number])[] = [
  ['linear', 2, 1],
  ['relu', 1, 0.5],
  [leaky(0.01), 1, 0.5],
  [leaky(0.2), 1.04, 0.52],
  [leaky(0.3), 1.09, 0.545],
  ['elu', 1.29, 0.645],
  ['selu', 2, 1],
  ['gelu', 0.85, 0.425],
  ['silu', 0.712, 0.356],
  ['mish', 0.905, 0.452],
  ['hard_swish', 0.663, 0.332],
  ['softplus', 1.84, 0.921],
  ['softsign', 0.366, 0.183],
  ['tanh', 0.789, 0.394],
  ['sigmoid', 0.587, 0.293],
  ['hard_sigmoid', 0.578, 0.289],
  ['sin', 0.865, 0.432],
];

const rounding = (value: number): number =>
  0.51 * 10 ** -Math.max(0, (String(value).split('.')[1] ?? '').length);

describe('theory.md §4.1: He and Glorot by activation', () => {
  for (const [raw, he, glorot] of TABLE) {
    const name = typeof raw === 'string' ? raw : JSON.stringify(raw);
    test(`${name}: ${he} and ${glorot}`, () => {
      const activation = parseActivation(raw);
      const second = activation === undefined ? undefined : gains(activation)?.second;
      assert.ok(second !== undefined);
      // The page rounds to three digits; trailing zeros are not written.
      const tolerance = Math.max(5.1e-4, Math.min(rounding(he), 6e-3));
      assert.ok(Math.abs(2 * second - he) <= tolerance, `He ${2 * second}`);
      assert.ok(Math.abs(second - glorot) <= 6e-4, `Glorot ${second}`);
    });
  }
  test('leaky 0.01: mean 0.395, second moment 0.5000, gain 1.4141 both ways', () => {
    const activation = parseActivation(leaky(0.01));
    const row = activation === undefined ? undefined : gains(activation);
    assert.ok(row && Math.abs(row.mean - 0.395) < 5.1e-4 && Math.abs(row.second - 0.5) < 1e-4);
    assert.ok(Math.abs(row.forward - 1.4141) < 5.1e-5 && Math.abs(row.backward - 1.4141) < 5.1e-5);
    assert.ok(Math.abs(row.gradientPerLayer - 1) < 1e-9 && Math.abs(row.slope - 1) < 1e-9);
  });
  test('relu6 is nearly relu at unit variance', () => {
    const [six, plain] = ['relu6', 'relu'].map((id) => {
      const activation = parseActivation(id);
      return activation === undefined ? undefined : gains(activation);
    });
    assert.ok(six && plain && Math.abs(six.forward - plain.forward) < 1e-4);
  });
  test('GELU with He at depth 30, width 256: rms 0.012 in the geometric mean of a lottery', async () => {
    const backend = await openBackend('wasm');
    const layers = netLayers(new Array<number>(31).fill(256), 'gelu', 'he_normal', 'linear');
    const spec = builtSpec({ inputs: [256], layers });
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const measured = await measureSeeds(
      { spec, changes: [], plan: testPlan(spec, 64, seeds), seeds },
      { backend },
    );
    const logs = measured.seeds.map(({ taps }) =>
      Math.log(
        taps.find(({ node, quantity }) => node === 'layer29' && quantity === 'activation')?.value.rms ?? NaN,
      ),
    );
    const mean = logs.reduce((all, next) => all + next, 0) / logs.length;
    const sd = Math.sqrt(logs.reduce((all, next) => all + (next - mean) ** 2, 0) / (logs.length - 1));
    assert.ok(
      Math.abs(mean - Math.log(0.012)) < (2 * sd) / Math.sqrt(logs.length),
      `${Math.exp(mean)}, sd ${sd}`,
    );
    assert.ok(sd > 1.5, `sd ${sd}`);
  });
  test('what keeps the signal costs the gradient: tanh +9 %, gain 5/3 +10 %, sigmoid 0.39, softplus 0.56 a layer', () => {
    for (const [id, expected] of [
      ['tanh', 1.085],
      ['sigmoid', 0.391],
      ['softplus', 0.564],
    ] as const) {
      const activation = parseActivation(id);
      const row = activation === undefined ? undefined : gains(activation);
      assert.ok(row && Math.abs(row.gradientPerLayer - expected) < 5.1e-4);
    }
  });
});
