import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import type { Measurement, TapStats } from '../../src/model/measurement.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { mlp, testPlan, testSpec } from '../support/builtSpecs.ts';

let backend: EngineBackend;
before(async () => {
  backend = await openBackend('wasm');
});

function measure(spec: ModelSpec, batch: number, seeds: readonly number[]): Promise<Measurement> {
  const request = { spec, changes: [], plan: testPlan(spec, batch, seeds), seeds };
  return measureSeeds(request, { backend });
}

function tapsOf(measurement: Measurement, seed: number, quantity: TapStats['quantity']): TapStats[] {
  return measurement.seeds[seed]!.taps.filter(
    (tap) => tap.quantity === quantity && tap.layer.startsWith('layer'),
  );
}

function meanLog(measurement: Measurement, of: (taps: TapStats[]) => number): number {
  const logs = measurement.seeds.map((_, i) => Math.log(of(tapsOf(measurement, i, 'activation'))));
  return Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length);
}

describe('theory.md §3.2: He and Glorot on ReLU', () => {
  const width = 256;
  const net = (depth: number, init: string, semantics: 'keras3' | 'tfjs') =>
    testSpec({
      inputs: [width],
      layers: mlp(new Array<number>(depth).fill(width), 'relu', init, 'relu'),
      semantics,
    });
  const cases = [
    ['he_normal', 'keras3', 1],
    ['glorot_normal', 'keras3', Math.SQRT1_2],
    ['heNormal', 'tfjs', 0.8796],
    ['glorotNormal', 'tfjs', 0.622],
  ] as const;
  for (const [init, semantics, law] of cases) {
    test(`${semantics} ${init}: rms changes by ${law.toFixed(3)} a layer`, async () => {
      const measured = await measure(net(10, init, semantics), 64, [1, 2, 3, 4]);
      for (const depth of [1, 5, 10]) {
        const rms = meanLog(measured, (taps) => taps[depth - 1]!.value.rms);
        // §3.0: sd of log rms is ½√(5·depth/width); 4 seeds; the mean shifts by −¼·5·depth/width.
        const spread = 0.5 * Math.sqrt((5 * depth) / width);
        const error = Math.log(rms) - (depth * Math.log(law) - spread * spread);
        assert.ok(Math.abs(error) < (3 * spread) / 2 + 0.02, `depth ${depth}: rms ${rms}, error ${error}`);
      }
    });
  }
});

describe('theory.md §3.3: Glorot and Bengio, 5 tanh layers of 1000', () => {
  const net = (init: object) =>
    testSpec({
      inputs: [1000],
      layers: mlp([1000, 1000, 1000, 1000, 1000, 10], 'tanh', init as never, 'softmax'),
    });
  const cases = [
    [
      'standard',
      { class_name: 'VarianceScaling', config: { scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' } },
      [0.46, 0.25, 0.141, 0.081, 0.047],
      0.093,
    ],
    ['normalized', 'glorot_uniform', [0.628, 0.486, 0.408, 0.358, 0.322], 0.47],
  ] as const;
  for (const [name, init, stds, gradient] of cases) {
    test(`${name}: activation stds and the gradient ratio`, async () => {
      const measured = await measure(net(init as object), 100, [1]);
      const taps = tapsOf(measured, 0, 'activation').slice(0, 5);
      taps.forEach((tap, i) => {
        assert.ok(Math.abs(tap.value.std / stds[i]! - 1) < 0.05, `layer ${i + 1}: ${tap.value.std}`);
      });
      const pre = tapsOf(measured, 0, 'preActivation');
      const ratio = pre[0]!.gradient!.rms / pre[4]!.gradient!.rms;
      assert.ok(Math.abs(Math.log(ratio / gradient)) < 0.25, `gradient ratio ${ratio}`);
      const weights = measured.seeds[0]!.weights.filter(({ weight }) => weight === 'kernel');
      const flat = weights[0]!.gradient!.rms / weights[4]!.gradient!.rms;
      assert.ok(Math.abs(Math.log(flat)) < 0.2, `weight gradients stay flat: ${flat}`);
    });
  }
  test('sigmoid: the std over the data collapses while the total std does not', async () => {
    const init = {
      class_name: 'VarianceScaling',
      config: { scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' },
    };
    const spec = testSpec({
      inputs: [1000],
      layers: mlp([1000, 1000, 1000, 1000], 'sigmoid', init, 'sigmoid'),
    });
    const taps = tapsOf(await measure(spec, 100, [1]), 0, 'activation');
    const total = [0.134, 0.072, 0.072, 0.072];
    const data = [0.134, 0.019, 0.0027, 0.0004];
    taps.forEach((tap, i) => {
      assert.ok(Math.abs(tap.value.std / total[i]! - 1) < 0.06, `total ${tap.value.std}`);
      assert.ok(
        Math.abs(Math.log(tap.units!.stdOverData / data[i]!)) < 0.15,
        `data ${tap.units!.stdOverData}`,
      );
    });
  });
});

describe('theory.md §3.5: batch-dead units of a healthy net', () => {
  test('He, width 512, 256 inputs: dead and always-on shares by depth', async () => {
    const spec = testSpec({
      inputs: [512],
      layers: mlp(new Array<number>(20).fill(512), 'relu', 'he_normal', 'relu'),
    });
    const measured = await measure(spec, 256, [1, 2]);
    const dead = (depth: number) =>
      measured.seeds.reduce(
        (sum, _, i) => sum + tapsOf(measured, i, 'activation')[depth - 1]!.units!.dead / 2,
        0,
      );
    const on = (depth: number) =>
      measured.seeds.reduce(
        (sum, _, i) => sum + tapsOf(measured, i, 'activation')[depth - 1]!.units!.alwaysOn / 2,
        0,
      );
    for (const [depth, share, tolerance] of [
      [1, 0, 0.001],
      [3, 0.004, 0.006],
      [5, 0.05, 0.02],
      [10, 0.12, 0.04],
      [20, 0.28, 0.06],
    ] as const) {
      assert.ok(Math.abs(dead(depth) - share) < tolerance + 0.3 * share, `dead at ${depth}: ${dead(depth)}`);
      assert.ok(
        Math.abs(on(depth) - dead(depth)) < 0.05 + 0.3 * share,
        `always on at ${depth}: ${on(depth)}`,
      );
    }
    const zeros = tapsOf(measured, 0, 'activation')[9]!.value.zeros;
    assert.ok(Math.abs(zeros - 0.5) < 0.03, `zeros ${zeros}`);
  });
  test('batches below 64 fake dead units unless forward-only samples are added', async () => {
    const spec = testSpec({ inputs: [256], layers: mlp([256, 10], 'relu', 'he_normal', 'softmax') });
    const tap = tapsOf(await measure(spec, 4, [1]), 0, 'activation')[0]!;
    assert.ok(tap.units!.samples >= 64 && tap.units!.dead === 0, JSON.stringify(tap.units));
    assert.equal(tap.value.count, 4 * 256);
  });
});

describe('theory.md §3.6: the initial loss', () => {
  const logits = (std: number, classes: number, head: string) =>
    testSpec({
      inputs: [512],
      layers: [
        {
          class: 'Dense',
          config: {
            units: classes,
            activation: head,
            kernel_initializer: { class_name: 'RandomNormal', config: { stddev: std / Math.sqrt(512) } },
          },
        },
      ],
    });
  for (const [classes, std, excess] of [
    [10, 1, 0.423],
    [10, 2, 1.47],
    [100, 5, 8.44],
    [10, 0.3, 0.041],
  ] as const) {
    test(`softmax over ${classes}, logit std ${std}: + ${excess}`, async () => {
      const measured = await measure(logits(std, classes, 'softmax'), 512, [1, 2]);
      const loss = measured.seeds.map(({ losses }) => losses[0]!);
      const mean = loss.reduce((sum, { value }) => sum + value, 0) / loss.length;
      assert.ok(
        Math.abs(mean - Math.log(classes) - excess) < 0.05 * excess + 0.01,
        `excess ${mean - Math.log(classes)}`,
      );
      assert.ok(Math.abs(loss[0]!.uninformed - Math.log(classes)) < 1e-12);
    });
  }
  test('binary: logit std 1 costs .113', async () => {
    const measured = await measure(logits(1, 64, 'sigmoid'), 256, [1]);
    const { value, logitStd } = measured.seeds[0]!.losses[0]!;
    assert.ok(
      Math.abs(value - Math.LN2 - 0.113) < 0.01 && Math.abs(logitStd - 1) < 0.05,
      `${value} ${logitStd}`,
    );
  });
});
