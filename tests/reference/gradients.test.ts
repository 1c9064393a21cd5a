import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBackend } from '../../src/engine/backends.ts';
import { dropTape, gradientsOf } from '../../src/engine/gradients.ts';
import { plus } from '../../src/engine/plus.ts';
import { assertClose, values } from '../support/kernels.ts';

const tensor = (shape: number[], seed: number) =>
  tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape, 'float32');

for (const name of ['cpu', 'wasm'] as const) {
  test(`${name}: the same gradients as tf.grads, of shared, broadcast and unreached tensors`, async () => {
    await openBackend(name);
    tf.tidy(() => {
      const xs = [tensor([3, 4], 1), tensor([4], 2), tensor([4, 4], 3), tensor([2], 4)] as const;
      const forward = (add: typeof plus) => (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => {
        const h = tf.relu(add(tf.matMul(a, c), b));
        const both = add(h, tf.relu6(add(b, tf.mul(h, a))));
        return tf.sum(tf.mul(both, tf.tanh(add(both, h)))) as tf.Scalar;
      };
      const expected = tf.grads(forward((a, b) => tf.add(a, b)))([...xs.slice(0, 3)]);
      const { value, gradients } = gradientsOf(() => forward(plus)(xs[0], xs[1], xs[2]), xs);
      assert.equal(value.size, 1);
      expected.forEach((gradient, i) => {
        assert.deepEqual(gradients[i]!.shape, gradient.shape);
        assertClose(gradients[i]!.dataSync(), gradient.dataSync(), `gradient ${i}`);
      });
      assert.equal(gradients[3], undefined);
    });
    assert.equal(tf.memory().numTensors, 0);
  });
}

test('a backward pass lets go of each layer as it passes', async () => {
  await openBackend('wasm');
  const most = (depth: number): number => {
    let peak = 0;
    tf.tidy(() => {
      const x = tensor([1000], 1);
      const looking = tf.customGrad((z) => ({
        value: tf.clone(z as tf.Tensor),
        gradFunc: (dy: tf.Tensor) => {
          peak = Math.max(peak, tf.memory().numBytes);
          return tf.clone(dy);
        },
      }));
      gradientsOf(() => {
        let y: tf.Tensor = x;
        for (let i = 0; i < depth; i++) y = looking(tf.tanh(y));
        return tf.sum(y) as tf.Scalar;
      }, [x]);
    });
    return peak;
  };
  // One kept output a layer, and a handful of gradients at a time, whatever the depth.
  const growth = (most(60) - most(20)) / 40;
  assert.ok(growth <= 4100, `${growth} bytes a layer of 4000`);
});

test('an operation without a gradient is named, and nothing stays', async () => {
  await openBackend('wasm');
  tf.tidy(() => {
    const x = tensor([4], 1);
    const forward = () => tf.sum(tf.cumprod(x)) as tf.Scalar;
    assert.throws(() => gradientsOf(forward, [x]), /no gradient of the operation Cumprod/);
    dropTape();
  });
  assert.equal(tf.memory().numTensors, 0);
});
