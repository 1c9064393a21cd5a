import * as tf from '@tensorflow/tfjs-core';
import type { DataFormat, Padding } from '../../model/layers/spatial.ts';
import { convolve as ownConvolve } from '../kernels/convolve.ts';
import { heapOf } from '../kernels/heap.ts';

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

/** Whether our own kernels are installed on the backend that runs now. */
export function ownKernels(): boolean {
  return heapOf(tf.backend()) !== undefined;
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

/** Puts stride − 1 zeros between the steps of one axis. */
export function spread(x: tf.Tensor, axis: number, stride: number): tf.Tensor {
  if (stride === 1) return x;
  const apart = tf.expandDims(x, axis + 1);
  const padding = apart.shape.map((_, i): [number, number] => (i === axis + 1 ? [0, stride - 1] : [0, 0]));
  const wide = x.shape.map((length, i) => (i === axis ? length * stride : length));
  const ends = wide.map((length, i) => (i === axis ? length - stride + 1 : length));
  return tf.slice(
    tf.reshape(tf.pad(apart, padding), wide),
    wide.map(() => 0),
    ends,
  );
}

/** The kernel with its dilation written out as zeros: tfjs has no gradients of dilated convolutions. */
export function undilated(kernel: tf.Tensor, dilation: readonly number[]): tf.Tensor {
  return dilation.reduce((wide, factor, axis) => spread(wide, axis, factor), kernel);
}

/** Zeros before the first step, so that no output sees later steps. */
export function padCausally(x: tf.Tensor, reach: number): tf.Tensor {
  const rest = range(2, x.rank).map((): [number, number] => [0, 0]);
  return tf.pad(x, [[0, 0], [reach - 1, 0], ...rest]);
}

/** Convolution of rank 1 to 3, channels last, one group: x (batch, spatial…, in), kernel (k…, in, out). */
export function convolveGroup(x: tf.Tensor, narrow: tf.Tensor, window: Window): tf.Tensor {
  const kernel = undilated(narrow, window.dilation);
  const causal = window.padding === 'causal';
  const input = causal ? padCausally(x, kernel.shape[0]!) : x;
  const padding = causal ? 'valid' : (window.padding as 'valid' | 'same');
  const { strides } = window;
  if (kernel.rank === 3) {
    const wide = tf.expandDims(input, 1) as tf.Tensor4D;
    const filter = tf.expandDims(kernel, 0) as tf.Tensor4D;
    return tf.squeeze(tf.conv2d(wide, filter, [1, strides[0]!], padding), [1]);
  }
  if (kernel.rank === 4)
    return tf.conv2d(input as tf.Tensor4D, kernel as tf.Tensor4D, strides as [number, number], padding);
  const steps = strides as [number, number, number];
  return tf.conv3d(input as tf.Tensor5D, kernel as tf.Tensor5D, steps, padding);
}

/** Convolution with groups: channels and filters are cut alike, and the parts stand side by side. */
export function convolve(x: tf.Tensor, kernel: tf.Tensor, window: Window, groups = 1): tf.Tensor {
  if (ownKernels()) {
    const { strides, dilation, padding } = window;
    return ownConvolve(x, kernel, { strides, dilations: dilation, padding, groups });
  }
  if (groups === 1) return convolveGroup(x, kernel, window);
  const parts = tf.split(x, groups, -1);
  const kernels = tf.split(kernel, groups, -1);
  return tf.concat(
    parts.map((part, i) => convolveGroup(part, kernels[i]!, window)),
    -1,
  );
}
