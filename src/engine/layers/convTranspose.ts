import * as tf from '@tensorflow/tfjs-core';
import type { ConvTransposeConfig } from '../../model/layers/convTranspose.ts';
import { transposedLength } from '../../model/layers/spatial.ts';
import { convolveTransposed } from '../kernels/convolve.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast, convolve, ownKernels, perChannel, range, spread } from './spatial.ts';

/** Pads (or, where negative, cuts) every spatial axis at both ends. */
function fit(x: tf.Tensor, ends: readonly (readonly [number, number])[]): tf.Tensor {
  const positive = ends.map(([a, b]): [number, number] => [Math.max(0, a), Math.max(0, b)]);
  const padded = tf.pad(x, [[0, 0], ...positive, [0, 0]]);
  if (ends.every(([a, b]) => a >= 0 && b >= 0)) return padded;
  const begin = [0, ...ends.map(([a]) => Math.max(0, -a)), 0];
  const size = padded.shape.map((length, i) => {
    const end = ends[i - 1];
    return end === undefined ? length : length - Math.max(0, -end[0]) - Math.max(0, -end[1]);
  });
  return tf.slice(padded, begin, size);
}

/** The result's length on each axis and the padding that the convolution it inverts would have. */
interface Frame {
  readonly sizes: readonly number[];
  readonly ends: readonly (readonly [number, number])[];
}

function frameOf(
  x: tf.Tensor,
  { kernelSize, strides, dilation, padding, outputPadding }: ConvTransposeConfig,
): Frame {
  const sizes = kernelSize.map((size, i) =>
    transposedLength(x.shape[i + 1]!, size, strides[i]!, dilation[i]!, padding, outputPadding?.[i]),
  );
  const ends = kernelSize.map((size, i): [number, number] => {
    const reach = (size - 1) * dilation[i]! + 1;
    const total = Math.max(0, (x.shape[i + 1]! - 1) * strides[i]! + reach - sizes[i]!);
    const before = padding === 'same' ? Math.floor(total / 2) : 0;
    return [before, total - before];
  });
  return { sizes, ends };
}

/** By the convolution of the input, spread by the stride and padded, with the kernel turned round and its channel axes exchanged. */
function byConvolution(
  x: tf.Tensor,
  kernel: tf.Tensor,
  config: ConvTransposeConfig,
  frame: Frame,
): tf.Tensor {
  const { rank, strides, dilation, kernelSize } = config;
  const wide = strides.reduce((tensor, stride, i) => spread(tensor, i + 1, stride), x);
  const ends = kernelSize.map((size, i): [number, number] => {
    const reach = (size - 1) * dilation[i]! + 1;
    const before = reach - 1 - frame.ends[i]![0];
    return [before, frame.sizes[i]! + reach - 1 - wide.shape[i + 1]! - before];
  });
  const order = [...range(0, rank), rank + 1, rank];
  const turned = tf.transpose(tf.reverse(kernel, range(0, rank)), order);
  const once = { strides: strides.map(() => 1), padding: 'valid', dilation } as const;
  return convolve(fit(wide, ends), turned, once);
}

/** Transposed convolution: the gradient of a convolution by its input. */
export const convTranspose: Forward<ConvTransposeConfig> = (call) => {
  const { config } = call;
  const { dataFormat, rank, filters, strides, dilation } = config;
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const kernel = call.weight('kernel');
  const frame = frameOf(x, config);
  const shape = [x.shape[0]!, ...frame.sizes, filters];
  const last = ownKernels()
    ? convolveTransposed(x, kernel, shape, { strides, dilations: dilation, padding: frame.ends })
    : byConvolution(x, kernel, config, frame);
  const bias = perChannel(call.optional('bias'), dataFormat, rank + 2);
  return call.finish(asFormat(last, dataFormat), { bias });
};
