import * as tf from '@tensorflow/tfjs-core';
import type { LossForm } from '../model/lossForm.ts';
import type { LossSpec } from '../model/spec.ts';
import type { Generator } from './draws/generator.ts';
import { keyOf } from './draws/philox.ts';
import { uniform } from './draws/reference.ts';

/** Logits behind an output, when its activation is one whose cross-entropy frameworks fuse. */
export interface Logits {
  readonly kind: 'softmax' | 'sigmoid';
  readonly z: tf.Tensor;
}

/** A loss ready to be taken: its form and the tensor it takes (logits, or the output itself). */
export interface LossTerm {
  readonly form: LossForm;
  readonly z: tf.Tensor;
}

/** Keras's clip of probabilities. */
const EPSILON = 1e-7;

function formOf(loss: LossSpec, logits: Logits | undefined): LossForm {
  switch (loss.id) {
    case 'categorical_crossentropy':
    case 'sparse_categorical_crossentropy':
      return 'softmax';
    case 'binary_crossentropy':
      return 'sigmoid';
    case 'mean_squared_error':
      return 'squared';
    case 'mean_absolute_error':
      return 'absolute';
    case 'other':
      return logits?.kind ?? 'squared';
  }
}

/**
 * The loss of an output. Cross-entropies are taken from the logits where they are known, as frameworks do (so that nothing underflows), else
 * from clipped probabilities. A loss we do not know is taken as the one its head implies.
 */
export function lossTerm(loss: LossSpec, output: tf.Tensor, logits: Logits | undefined): LossTerm {
  const form = formOf(loss, logits);
  if (form === 'squared' || form === 'absolute' || loss.fromLogits) return { form, z: output };
  if (logits?.kind === form) return { form, z: logits.z };
  const p = tf.clipByValue(output, EPSILON, 1 - EPSILON);
  if (form === 'softmax') return { form, z: tf.log(p) };
  return { form, z: tf.sub(tf.log(p), tf.log(tf.sub(1, p))) };
}

/** Random targets of a term's shape from the stream (seed, target, output): uniform classes, fair coins, N(0,1). */
export function drawTargets(
  form: LossForm,
  shape: readonly number[],
  seed: number,
  output: string,
  generator: Generator,
): tf.Tensor {
  const key = keyOf(seed, '\u0001target', output);
  if (form === 'squared' || form === 'absolute') return generator.normal(shape, key, 0, 1);
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const targets = new Float32Array(size);
  if (form === 'sigmoid') {
    uniform(targets, key, 0, 1);
    targets.forEach((u, i) => (targets[i] = u < 0.5 ? 0 : 1));
  } else {
    const classes = shape.at(-1) ?? 1;
    const draws = new Float32Array(size / classes);
    uniform(draws, key, 0, 1);
    draws.forEach((u, row) => (targets[row * classes + Math.min(classes - 1, Math.floor(u * classes))] = 1));
  }
  return tf.tensor(targets, [...shape], 'float32');
}

/**
 * Sum over the samples of the loss per sample (mean over its positions and, but for softmax, units), as a scalar: its gradient is the one
 * "per sample" of Measurement.
 */
export function lossValue({ form, z }: LossTerm, targets: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const batch = z.shape[0] ?? 1;
    const each = z.size / batch;
    switch (form) {
      case 'softmax': {
        const positions = each / (z.shape.at(-1) ?? 1);
        return tf.div(tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(z)))), positions);
      }
      case 'sigmoid':
        return tf.div(tf.sum(tf.sub(tf.softplus(z), tf.mul(targets, z))), each);
      case 'squared':
        return tf.div(tf.sum(tf.square(tf.sub(z, targets))), each);
      case 'absolute':
        return tf.div(tf.sum(tf.abs(tf.sub(z, targets))), each);
    }
  });
}
