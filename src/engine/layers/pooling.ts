import * as tf from '@tensorflow/tfjs-core';
import { pooledOver, type PoolingConfig } from '../../model/layers/pooling.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast } from './spatial.ts';

interface Pool {
  readonly op: 'max' | 'average';
  readonly size: readonly number[];
  readonly strides: readonly number[];
}

function pool(x: tf.Tensor, { op, size, strides }: Pool, padding: 'same' | 'valid'): tf.Tensor {
  if (size.length === 3) {
    const run = op === 'max' ? tf.maxPool3d : tf.avgPool3d;
    return run(
      x as tf.Tensor5D,
      size as [number, number, number],
      strides as [number, number, number],
      padding,
    );
  }
  const run = op === 'max' ? tf.maxPool : tf.avgPool;
  return run(x as tf.Tensor4D, size as [number, number], strides as [number, number], padding);
}

/** Positions that are missing at both ends for padding `same`, per spatial axis. */
function missing(x: tf.Tensor, { size, strides }: Pool): [number, number][] {
  return size.map((window, i) => {
    const length = x.shape[i + 1]!;
    const total = Math.max(0, (Math.ceil(length / strides[i]!) - 1) * strides[i]! + window - length);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}

/**
 * Means over windows that reach beyond the border, of what lies inside. By a mean over padded zeros, divided by that of ones: tfjs's own gradient
 * of a padded mean counts the padding.
 */
function paddedMean(x: tf.Tensor, options: Pool, ends: [number, number][]): tf.Tensor {
  const pads: [number, number][] = [[0, 0], ...ends, [0, 0]];
  const ones = tf.ones([1, ...x.shape.slice(1, -1), 1]);
  const share = pool(tf.pad(ones, pads), options, 'valid');
  return tf.div(pool(tf.pad(x, pads), options, 'valid'), share);
}

/** Max and average pooling of rank 1 to 3; padding never counts in the mean. */
export const pooling: Forward<PoolingConfig> = (call) => {
  const { rank, op, poolSize, strides, dataFormat } = pooledOver(call.config, call.inputs[0]!.rank);
  const padding = call.config.padding === 'same' ? 'same' : 'valid';
  const x = channelsLast(call.inputs[0]!, dataFormat);
  const flat = rank === 1;
  const image = flat ? tf.expandDims(x, 1) : x;
  const options: Pool = {
    op,
    size: flat ? [1, ...poolSize] : poolSize,
    strides: flat ? [1, ...strides] : strides,
  };
  const ends = padding === 'same' ? missing(image, options) : [];
  const padded = ends.some(([before, after]) => before + after > 0);
  const pooled =
    op === 'average' && padded ? paddedMean(image, options, ends) : pool(image, options, padding);
  return asFormat(flat ? tf.squeeze(pooled, [1]) : pooled, dataFormat);
};
