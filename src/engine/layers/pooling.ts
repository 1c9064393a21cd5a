import * as tf from '@tensorflow/tfjs-core';
import type { PoolingConfig } from '../../model/layers/pooling.ts';
import type { Forward } from './forward.ts';
import { asFormat, channelsLast } from './spatial.ts';

/** Max and average pooling of rank 1 to 3; padding never counts in the mean. */
export const pooling: Forward<PoolingConfig> = (call) => {
  const { rank, op, poolSize, strides, dataFormat } = call.config;
  const padding = call.config.padding === 'same' ? 'same' : 'valid';
  const x = channelsLast(call.inputs[0]!, dataFormat);
  if (rank === 3) {
    const size = poolSize as [number, number, number];
    const steps = strides as [number, number, number];
    const pool = op === 'max' ? tf.maxPool3d : tf.avgPool3d;
    return asFormat(pool(x as tf.Tensor5D, size, steps, padding), dataFormat);
  }
  const flat = rank === 1;
  const image = (flat ? tf.expandDims(x, 1) : x) as tf.Tensor4D;
  const size = (flat ? [1, poolSize[0]!] : poolSize) as [number, number];
  const steps = (flat ? [1, strides[0]!] : strides) as [number, number];
  const pooled = (op === 'max' ? tf.maxPool : tf.avgPool)(image, size, steps, padding);
  return asFormat(flat ? tf.squeeze(pooled, [1]) : pooled, dataFormat);
};
