import * as tf from '@tensorflow/tfjs-core';
import type { ResizingConfig } from '../../model/layers/resizing.ts';
import type { Forward } from './forward.ts';
import { type Interpolation, resizeAxis } from './interpolate.ts';
import { asFormat, channelsLast } from './spatial.ts';

/** The middle of an image, channels last. */
function centre(x: tf.Tensor, height: number, width: number): tf.Tensor {
  const [, rows, columns] = x.shape as [number, number, number, number];
  const begin = [0, Math.floor((rows - height) / 2), Math.floor((columns - width) / 2), 0];
  return tf.slice(x, begin, [-1, height, width, -1]);
}

/** Images brought to one size: resized, or cut around the centre (cut to the aspect and resized when smaller, as Keras does). */
export const resizing: Forward<ResizingConfig> = (call) => {
  const { op, height, width, dataFormat } = call.config;
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const [, rows, columns] = x.shape as [number, number, number, number];
  const method = call.config.interpolation as Interpolation;
  const resize = (image: tf.Tensor) => resizeAxis(resizeAxis(image, 1, height, method), 2, width, method);
  if (op === 'resize') return asFormat(resize(x), dataFormat);
  if (rows >= height && columns >= width) return asFormat(centre(x, height, width), dataFormat);
  const cutRows = Math.min(rows, Math.floor((columns * height) / width));
  const cutColumns = Math.min(columns, Math.floor((rows * width) / height));
  return asFormat(resize(centre(x, cutRows, cutColumns)), dataFormat);
};
