import * as tf from '@tensorflow/tfjs-core';
import { convGeometry, type ConvOptions } from '../../src/engine/kernels/convGeometry.ts';
import { convolve } from '../../src/engine/kernels/convolve.ts';
import { convReference, filterGradientReference, inputGradientReference } from './convReference.ts';
import { assertClose, values } from './kernels.ts';

/** Fails unless a convolution of values drawn from `seed` on and both its gradients equal float64 loops. */
export function assertAllDirections(
  xShape: readonly number[],
  filterShape: readonly number[],
  options: ConvOptions,
  seed = 1,
): void {
  const g = convGeometry(xShape, filterShape, options);
  const size = (shape: readonly number[]) => tf.util.sizeFromShape([...shape]);
  const [x, filter] = [values(size(xShape), seed), values(size(filterShape), seed + 1)];
  const y = convReference(g, x, filter);
  const dy = values(y.length, seed + 2);
  tf.tidy(() => {
    const inputs = [tf.tensor(x, [...xShape]), tf.tensor(filter, [...filterShape])];
    const ty = convolve(inputs[0]!, inputs[1]!, options);
    assertClose(ty.dataSync(), y, 'forward');
    const gradients = tf.grads((a, b) => convolve(a, b, options))(inputs, tf.tensor(dy, ty.shape));
    assertClose(gradients[0]!.dataSync(), inputGradientReference(g, dy, filter), 'input gradient');
    assertClose(gradients[1]!.dataSync(), filterGradientReference(g, x, dy), 'filter gradient');
  });
}
