import * as tf from '@tensorflow/tfjs-core';
import type { ConvTransposeConfig } from '../../model/layers/convTranspose.ts';
import { transposedLength } from '../../model/layers/spatial.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast, convolve, perChannel, range, spread } from './spatial.ts';

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

/**
 * Transposed convolution as the gradient of a convolution by its input: the input spread by the stride, padded, and convolved with the
 * kernel turned round and its channel axes exchanged. Padding at the start is what the forward convolution would have had.
 */
export const convTranspose: Forward<ConvTransposeConfig> = (call) => {
  const { config } = call;
  const { dataFormat, rank, strides, dilation, kernelSize, padding, outputPadding } = config;
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const spatial = range(1, rank + 1);
  const wide = spatial.reduce((tensor, axis) => spread(tensor, axis, strides[axis - 1]!), x);
  const ends = spatial.map((axis): [number, number] => {
    const i = axis - 1;
    const reach = (kernelSize[i]! - 1) * dilation[i]! + 1;
    const out = transposedLength(
      x.shape[axis]!,
      kernelSize[i]!,
      strides[i]!,
      dilation[i]!,
      padding,
      outputPadding?.[i],
    );
    const total = padding === 'same' ? Math.max(0, (x.shape[axis]! - 1) * strides[i]! + reach - out) : 0;
    const before = reach - 1 - Math.floor(total / 2);
    return [before, out + reach - 1 - wide.shape[axis]! - before];
  });
  const order = [...range(0, rank), rank + 1, rank];
  const kernel = tf.transpose(tf.reverse(call.weight('kernel'), range(0, rank)), order);
  const once = { strides: strides.map(() => 1), padding: 'valid', dilation } as const;
  const z = asFormat(convolve(fit(wide, ends), kernel, once), dataFormat);
  return call.finish(z, { bias: perChannel(call.optional('bias'), dataFormat, rank + 2) });
};
