import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import type { Measurement, TensorStats } from '../../src/model/measurement.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { hasNativeBackend, loadTensorflow } from '../../src/node/nativeBackend.ts';
import { mlp, testPlan, testSpec } from '../support/builtSpecs.ts';
import { inRepo } from '../support/root.ts';

const native = [inRepo('.cache/native')];
const names = ['cpu', 'wasm', ...(hasNativeBackend(native) ? ['tensorflow'] : [])] as (
  'cpu' | 'wasm' | 'tensorflow'
)[];
const backends: EngineBackend[] = [];
/** What the stock wasm kernels gave; ours cannot be taken off again. */
const stock = new Map<string, Measurement>();
before(async () => {
  const plain = await openBackend('wasm', {}, 'stock');
  for (const [name, spec] of Object.entries(models)) stock.set(name, await measure(spec, plain));
  for (const name of names)
    backends.push(await openBackend(name, { loadTensorflow: () => loadTensorflow(native, 2) }));
});

const models: Readonly<Record<string, ModelSpec>> = {
  perceptron: testSpec({ inputs: [32], layers: mlp([64, 64, 64, 10], 'relu', 'he_normal', 'softmax') }),
  convolutional: testSpec({
    inputs: [12, 12, 3],
    layers: [
      { class: 'Conv2D', config: { filters: 8, kernel_size: 3, strides: 2, padding: 'same' } },
      { class: 'BatchNormalization' },
      { class: 'Activation', config: { activation: 'relu' } },
      { class: 'DepthwiseConv2D', config: { kernel_size: 3, padding: 'same', activation: 'tanh' } },
      { class: 'MaxPooling2D' },
      { class: 'Conv2DTranspose', config: { filters: 4, kernel_size: 3, strides: 2, activation: 'selu' } },
      { class: 'GlobalAveragePooling2D' },
      { class: 'Dense', config: { units: 3 } },
    ],
  }),
  recurrent: testSpec({
    inputs: [{ name: 'ids', shape: [9], vocabulary: 30 }],
    layers: [
      { class: 'Embedding', config: { input_dim: 30, output_dim: 8 } },
      { class: 'LSTM', config: { units: 12, return_sequences: true } },
      { class: 'GRU', config: { units: 12 } },
      { class: 'Dense', config: { units: 1, activation: 'sigmoid' } },
    ],
  }),
};

function measure(spec: ModelSpec, backend: EngineBackend): Promise<Measurement> {
  return measureSeeds({ spec, changes: [], plan: testPlan(spec, 32), seeds: [7] }, { backend });
}

/** Scales within 10⁻⁴ of the rms, shares within two counts. */
function agree(where: string, a: TensorStats | undefined, b: TensorStats | undefined): void {
  if (a === undefined || b === undefined) {
    assert.equal(a, b, where);
    return;
  }
  for (const key of ['mean', 'std', 'rms', 'min', 'max'] as const)
    assert.ok(Math.abs(a[key] - b[key]) <= 1e-4 * b.rms + 1e-6, `${where} ${key}: ${a[key]} and ${b[key]}`);
  for (const key of ['zeros', 'nonFinite'] as const)
    assert.ok(Math.abs(a[key] - b[key]) <= 2 / b.count, `${where} ${key}: ${a[key]} and ${b[key]}`);
}

describe(`the backends ${names.join(', ')} agree`, () => {
  for (const [name, spec] of Object.entries(models)) {
    test(name, async () => {
      const all: Measurement[] = [];
      assert.equal(stock.get(name)!.engine.kernels, 'stock');
      for (const backend of backends) {
        await tf.setBackend(backend.name);
        all.push(await measure(spec, backend));
      }
      all.push(stock.get(name)!);
      const [reference, ...others] = all.map(({ seeds }) => seeds[0]!);
      for (const other of others) {
        assert.equal(other.taps.length, reference!.taps.length);
        other.taps.forEach((tap, i) => {
          const same = reference!.taps[i]!;
          const where = `${tap.layer} ${tap.quantity} ${tap.name ?? ''}`;
          agree(where, tap.value, same.value);
          agree(`${where} gradient`, tap.gradient, same.gradient);
          for (const share of ['dead', 'alwaysOn', 'constant', 'duplicated'] as const)
            assert.ok(
              Math.abs((tap.units?.[share] ?? 0) - (same.units?.[share] ?? 0)) <= 2 / (tap.units?.units ?? 1),
              `${where} ${share}`,
            );
          const data = same.units?.stdOverData ?? 0;
          assert.ok(
            Math.abs((tap.units?.stdOverData ?? 0) - data) <= 1e-4 * same.value.rms,
            `${where} std over data`,
          );
        });
        other.weights.forEach((weight, i) => {
          agree(`${weight.layer} ${weight.weight}`, weight.value, reference!.weights[i]!.value);
          agree(
            `${weight.layer} ${weight.weight} gradient`,
            weight.gradient,
            reference!.weights[i]!.gradient,
          );
        });
        other.losses.forEach((loss, i) =>
          assert.ok(Math.abs(loss.value - reference!.losses[i]!.value) < 1e-4),
        );
      }
    });
  }
});
