import * as tf from '@tensorflow/tfjs-core';
import { drawNormal, drawTruncatedNormal, drawUniform } from '../kernels/draws.ts';
import type { Heap } from '../kernels/heap.ts';
import { drawOrthogonal } from '../kernels/orthogonal.ts';
import { orthogonal } from './orthogonal.ts';
import type { PhiloxKey } from './philox.ts';
import { normal, truncatedNormal, uniform } from './reference.ts';

/** The random laws as new tensors, as docs/generator.md states them. */
export interface Generator {
  uniform(shape: readonly number[], key: PhiloxKey, low: number, high: number): tf.Tensor;
  normal(shape: readonly number[], key: PhiloxKey, mean: number, std: number): tf.Tensor;
  truncatedNormal(shape: readonly number[], key: PhiloxKey, mean: number, std: number): tf.Tensor;
  /** A (rows, columns) draw. */
  orthogonal(key: PhiloxKey, rows: number, columns: number, gain: number): tf.Tensor;
}

function filled(shape: readonly number[], fill: (out: Float32Array) => void): tf.Tensor {
  const out = new Float32Array(shape.reduce((product, dimension) => product * dimension, 1));
  fill(out);
  return tf.tensor(out, [...shape], 'float32');
}

/** The generator in float64, on any backend. */
export const referenceGenerator: Generator = {
  uniform: (shape, key, low, high) => filled(shape, (out) => uniform(out, key, low, high)),
  normal: (shape, key, mean, std) => filled(shape, (out) => normal(out, key, mean, std)),
  truncatedNormal: (shape, key, mean, std) => filled(shape, (out) => truncatedNormal(out, key, mean, std)),
  orthogonal: (key, rows, columns, gain) =>
    filled([rows, columns], (out) => orthogonal(out, key, rows, columns, gain)),
};

/** The generator by our kernels, straight onto the wasm heap; within 1 ulp of the reference. */
export function heapGenerator(heap: Heap): Generator {
  const owned = (info: tf.TensorInfo) => tf.engine().makeTensorFromTensorInfo(info);
  return {
    uniform: (shape, key, low, high) => owned(drawUniform(heap, shape, key, low, high)),
    normal: (shape, key, mean, std) => owned(drawNormal(heap, shape, key, mean, std)),
    truncatedNormal: (shape, key, mean, std) => owned(drawTruncatedNormal(heap, shape, key, mean, std)),
    orthogonal: (key, rows, columns, gain) => owned(drawOrthogonal(heap, rows, columns, key, gain)),
  };
}
