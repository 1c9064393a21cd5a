import * as tf from '@tensorflow/tfjs-core';
import type { DataFormat, Padding } from '../../model/layers/spatial.ts';

/** The tensor with its channels last, whatever the layer's data format. */
export function channelsLast(x: tf.Tensor, format: DataFormat): tf.Tensor {
  if (format === 'channelsLast' || x.rank < 3) return x;
  return tf.transpose(x, [0, ...range(2, x.rank), 1]);
}

/** The inverse of `channelsLast`. */
export function asFormat(x: tf.Tensor, format: DataFormat): tf.Tensor {
  if (format === 'channelsLast' || x.rank < 3) return x;
  return tf.transpose(x, [0, x.rank - 1, ...range(1, x.rank - 1)]);
}

/** A per-channel vector shaped so that it broadcasts over a tensor of this rank and format. */
export function perChannel(
  vector: tf.Tensor | undefined,
  format: DataFormat,
  rank: number,
): tf.Tensor | undefined {
  if (vector === undefined || format === 'channelsLast') return vector;
  return tf.reshape(vector, [vector.size, ...Array.from({ length: rank - 2 }, () => 1)]);
}

/** Whole numbers from `start` up to `end`, exclusive. */
export function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
}

/** A window of a convolution over `kernel.rank − 2` axes. */
export interface Window {
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilation: readonly number[];
}

/** Zeros before the first step, so that no output sees later steps. */
function padCausally(x: tf.Tensor, window: Window, size: number): tf.Tensor {
  const before = (size - 1) * (window.dilation[0] ?? 1);
  const rest = range(2, x.rank).map((): [number, number] => [0, 0]);
  return tf.pad(x, [[0, 0], [before, 0], ...rest]);
}

/** Convolution of rank 1 to 3, channels last, one group: x (batch, spatial…, in), kernel (k…, in, out). */
export function convolveGroup(x: tf.Tensor, kernel: tf.Tensor, window: Window): tf.Tensor {
  const rank = kernel.rank - 2;
  if (window.padding === 'causal') {
    const padded = padCausally(x, window, kernel.shape[0]!);
    return convolveGroup(padded, kernel, { ...window, padding: 'valid' });
  }
  const padding = window.padding;
  if (rank === 1) {
    const [stride, dilation] = [window.strides[0]!, window.dilation[0]!];
    const wide = tf.expandDims(x, 1) as tf.Tensor4D;
    const filter = tf.expandDims(kernel, 0) as tf.Tensor4D;
    return tf.squeeze(tf.conv2d(wide, filter, [1, stride], padding, 'NHWC', [1, dilation]), [1]);
  }
  if (rank === 2) {
    const strides = window.strides as [number, number];
    const dilation = window.dilation as [number, number];
    return tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, strides, padding, 'NHWC', dilation);
  }
  const strides = window.strides as [number, number, number];
  const dilation = window.dilation as [number, number, number];
  return tf.conv3d(x as tf.Tensor5D, kernel as tf.Tensor5D, strides, padding, 'NDHWC', dilation);
}

/** Convolution with groups: channels and filters are cut alike, and the parts stand side by side. */
export function convolve(x: tf.Tensor, kernel: tf.Tensor, window: Window, groups = 1): tf.Tensor {
  if (groups === 1) return convolveGroup(x, kernel, window);
  const parts = tf.split(x, groups, -1);
  const kernels = tf.split(kernel, groups, -1);
  return tf.concat(
    parts.map((part, i) => convolveGroup(part, kernels[i]!, window)),
    -1,
  );
}
