import * as tf from '@tensorflow/tfjs-core';
import type { SpectralNormConfig } from '../../model/layers/spectralNorm.ts';
import { detach } from '../sharedIdentity.ts';
import type { Forward } from './forward.ts';

/** A row vector of length 1. */
function unit(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x)), 1e-12)));
}

/** The largest singular value of a kernel flattened to (…, last), after the iterations that one training step makes. */
function largest(kernel: tf.Tensor, start: tf.Tensor, iterations: number): tf.Tensor {
  const matrix = tf.reshape(detach(kernel), [-1, kernel.shape.at(-1)!]);
  let u = detach(start);
  let v = u;
  for (let i = 0; i < iterations; i++) {
    v = unit(tf.matMul(u, matrix, false, true));
    u = unit(tf.matMul(v, matrix));
  }
  return detach(tf.reshape(tf.matMul(tf.matMul(v, matrix), u, false, true), []));
}

/** A layer whose kernel is divided by its largest singular value, which counts as a constant. */
export const spectralNorm: Forward<SpectralNormConfig> = (call) => {
  const inner = call.layer.inner![0]!;
  const name = call.optional('layer/kernel') === undefined ? 'layer/embeddings' : 'layer/kernel';
  const kernel = call.weight(name);
  const sigma = largest(kernel, call.weight('vector_u'), call.config.powerIterations);
  const weights = { [name]: tf.div(kernel, sigma) };
  return call.inner(inner, call.inputs, { weights });
};
