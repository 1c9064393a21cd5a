import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import { before, test } from 'node:test';
import { assertClose, onBackend, startKernels, values } from '../support/kernels.ts';

before(() => startKernels('plain'));

const axis = fc.record({
  size: fc.integer({ min: 1, max: 9 }),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
});

test('depthwise convolution and both its gradients equal the cpu backend', () => {
  const cases = fc.record({
    h: axis,
    w: axis,
    channels: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 20, 37)),
    multiplier: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom('same' as const, 'valid' as const),
    dilated: fc.boolean(),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(cases, ({ h, w, channels, multiplier, pad, dilated, seed }) => {
      const span = (axis: typeof h) => (axis.kernel - 1) * (dilated ? axis.dilation : 1) + 1;
      fc.pre(pad === 'same' || (span(h) <= h.size && span(w) <= w.size));
      const strides: [number, number] = dilated ? [1, 1] : [h.stride, w.stride];
      const dilations: [number, number] = dilated ? [h.dilation, w.dilation] : [1, 1];
      const x = () =>
        tf.tensor4d(values(2 * h.size * w.size * channels, seed), [2, h.size, w.size, channels]);
      const shape: [number, number, number, number] = [h.kernel, w.kernel, channels, multiplier];
      const filter = () => tf.tensor4d(values(tf.util.sizeFromShape(shape), seed + 1), shape);
      const run = (a: tf.Tensor4D, b: tf.Tensor4D) =>
        tf.depthwiseConv2d(a, b, strides, pad, 'NHWC', dilations);
      const parts = [() => run(x(), filter())];
      if (!dilated) {
        parts.push(
          () => tf.grad((a) => tf.sum(tf.square(run(a as tf.Tensor4D, filter()))))(x()) as tf.Tensor4D,
        );
        parts.push(
          () => tf.grad((b) => tf.sum(tf.square(run(x(), b as tf.Tensor4D))))(filter()) as tf.Tensor4D,
        );
      }
      for (const part of parts) assertClose(onBackend('wasm', part), onBackend('cpu', part), 'depthwise');
    }),
    { numRuns: 80, seed: 5 },
  );
});
