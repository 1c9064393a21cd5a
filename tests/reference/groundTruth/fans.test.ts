import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { initializerLaw } from '../../../src/model/initializers/catalogue.ts';
import { frameworkFans } from '../../../src/model/initializers/fans.ts';
import { torchGain } from '../../../src/model/initializers/kaiming.ts';
import { lawMoments } from '../../../src/model/initializers/moments.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Semantics } from '../../../src/model/semantics.ts';
import type { WeightSpec } from '../../../src/model/spec.ts';
import { testSpec } from '../../support/builtSpecs.ts';

function kernelOf(
  className: string,
  config: JsonObject,
  input: readonly number[],
  semantics: Semantics = 'keras3',
): WeightSpec {
  const spec = testSpec({ inputs: input, layers: [{ class: className, name: 'l', config }], semantics });
  const kernel = spec.layers.find(({ id }) => id === 'l')?.weights.find(({ part }) => part === 'kernel');
  assert.ok(kernel, `${className} has no kernel`);
  return kernel;
}

/** Fan-in and fan-out by shape alone. */
const fans = (shape: readonly number[], semantics: Semantics = 'pytorch'): readonly [number, number] => {
  const { fanIn, fanOut } = frameworkFans(shape, semantics);
  return [fanIn, fanOut];
};

const stdOf = (weight: WeightSpec, semantics: Semantics): number =>
  Math.sqrt(lawMoments(initializerLaw(weight.initializer, weight, semantics), weight.shape).variance);

const window = { kernel_size: [3, 3], strides: [1, 1], padding: 'same' };

/** theory.md §3.8: layer, config, input; fan-in that is true for the signal; Keras's and TF.js's. */
const TABLE: readonly (readonly [string, string, JsonObject, readonly number[], number, number])[] = [
  ['Dense', 'Dense', { units: 7 }, [12], 12, 12],
  ['Conv: k²·C', 'Conv2D', { filters: 16, ...window }, [8, 8, 6], 54, 54],
  ['grouped: k²·C/g', 'Conv2D', { filters: 16, groups: 2, ...window }, [8, 8, 6], 27, 27],
  ['depthwise: k², Keras k²·C', 'DepthwiseConv2D', { ...window }, [8, 8, 64], 9, 576],
  [
    'transposed: k²·C/s², Keras k²·C_out',
    'Conv2DTranspose',
    { filters: 16, kernel_size: [4, 4], strides: [2, 2], padding: 'same' },
    [8, 8, 128],
    512,
    256,
  ],
];

describe('theory.md §3.8: fans', () => {
  for (const [name, className, config, input, effective, framework] of TABLE) {
    for (const semantics of ['keras3', 'tfjs'] as const) {
      test(`${semantics} ${name}`, () => {
        const kernel = kernelOf(className, config, input, semantics);
        assert.equal(kernel.effectiveFanIn, effective);
        assert.equal(kernel.fanIn, framework);
      });
    }
  }
  test('PyTorch: convolutions by size(1)·k², transposed ones swapped, depthwise and grouped fan-outs overstated', () => {
    assert.deepEqual(fans([16, 6, 3, 3]), [54, 144]);
    // Grouped by 2: (out, in/g, k, k); true fan-out 72.
    assert.deepEqual(fans([16, 3, 3, 3]), [27, 144]);
    // Depthwise of 64 channels: fan-in k² as it should be, fan-out C·k² instead of k².
    assert.deepEqual(fans([64, 1, 3, 3]), [9, 576]);
    // Transposed 128 → 16: (in, out, k, k).
    assert.equal(fans([128, 16, 4, 4])[0], 16 * 16);
  });
  test('a depthwise he_normal of 64 channels: std 0.060, TF.js 0.050, needed 0.471; output std 0.18 for 1.41', () => {
    const config = { ...window, depthwise_initializer: 'he_normal' };
    const keras = stdOf(kernelOf('DepthwiseConv2D', config, [8, 8, 64]), 'keras3');
    const native = { ...window, depthwise_initializer: { class_name: 'HeNormal', config: {} } };
    const tfjs = stdOf(kernelOf('DepthwiseConv2D', native, [8, 8, 64], 'tfjs'), 'tfjs');
    // Keras's figure is rounded up on the page: √(2/576) = 0.0589.
    assert.ok(Math.abs(keras - 0.06) < 1.1e-3, String(keras));
    assert.ok(Math.abs(tfjs - 0.05) < 2e-3, String(tfjs));
    assert.ok(Math.abs(Math.sqrt(2 / 9) - 0.471) < 5e-4);
    assert.ok(Math.abs(3 * keras - 0.18) < 5e-3 && Math.abs(3 * Math.sqrt(2 / 9) - 1.41) < 5e-3);
  });
  test('Conv2DTranspose 128 → 16, k4 s2: 0.088 where 0.0625 is needed', () => {
    const kernel = kernelOf(
      'Conv2DTranspose',
      { filters: 16, kernel_size: [4, 4], strides: [2, 2], kernel_initializer: 'he_normal' },
      [8, 8, 128],
    );
    assert.ok(Math.abs(stdOf(kernel, 'keras3') - 0.088) < 5e-4);
    assert.ok(Math.abs(Math.sqrt(2 / kernel.effectiveFanIn) - 0.0625) < 1e-9);
  });
  test('attention of 512 features, 8 heads of 64: std 0.0442; before the axis-aware fans 0.0074', () => {
    const spec = (semantics: Semantics, config: JsonObject = {}) =>
      testSpec({
        inputs: [10, 512],
        layers: [
          {
            class: 'MultiHeadAttention',
            name: 'l',
            config: { num_heads: 8, key_dim: 64, ...config },
            inputs: ['input', 'input'],
          },
        ],
        semantics,
      })
        .layers.find(({ id }) => id === 'l')
        ?.weights.find(({ name }) => name === 'query/kernel');
    const modern = { class_name: 'GlorotUniform', config: { input_axes: [0], output_axes: [1, 2] } };
    const aware = spec('keras3', { kernel_initializer: modern });
    const older = spec('keras2');
    assert.ok(aware && older);
    assert.equal(aware.effectiveFanIn, 512);
    assert.ok(Math.abs(Math.sqrt(2 / (512 + 512)) - 0.0442) < 5.1e-5);
    assert.ok(Math.abs(stdOf(older, 'keras2') - 0.0074) < 5.1e-5, String(stdOf(older, 'keras2')));
    assert.ok(Math.abs(stdOf(aware, 'keras3') - 0.0442) < 5.1e-5, String(stdOf(aware, 'keras3')));
  });
  test('PyTorch’s packed in_proj counts a fan-out of 3E', () => {
    assert.deepEqual(fans([3 * 64, 64]), [64, 192]);
  });
  test('rank 1: Keras takes the size, TF.js its root', () => {
    assert.deepEqual(fans([9], 'keras3'), [9, 9]);
    assert.deepEqual(fans([9], 'tfjs'), [3, 3]);
  });
  test('calculate_gain', () => {
    for (const [name, a, expected] of [
      ['linear', 0, 1],
      ['conv2d', 0, 1],
      ['sigmoid', 0, 1],
      ['tanh', 0, 5 / 3],
      ['relu', 0, Math.SQRT2],
      ['leaky_relu', 0.2, Math.sqrt(2 / 1.04)],
      ['selu', 0, 3 / 4],
    ] as const)
      assert.equal(torchGain(name, a), expected);
    assert.throws(() => torchGain('gelu', 0), /gelu/);
  });
});
