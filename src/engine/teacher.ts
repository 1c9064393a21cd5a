import * as tf from '@tensorflow/tfjs-core';
import type { LossForm } from '../model/lossForm.ts';
import { keyOf } from './draws/philox.ts';
import { uniform } from './draws/reference.ts';
import type { Generator } from './draws/generator.ts';

/** Hidden units of the teacher. */
const HIDDEN = 16;

/** A fixed random function of a model's inputs, in the shape of one output's targets. */
export interface Teacher {
  /** Targets of a batch: one-hot classes, 0/1, or values of mean square 1. The caller disposes of them. */
  targets(inputs: readonly tf.Tensor[]): tf.Tensor;
  dispose(): void;
}

/** Ids become ±1 by a hash, so that the teacher sees tokens and not their order. */
function features(input: tf.Tensor, ids: boolean): tf.Tensor2D {
  return tf.tidy(() => {
    const flat = tf.reshape(tf.cast(input, 'float32'), [input.shape[0] ?? 1, -1]);
    return (ids ? tf.sign(tf.sin(tf.add(tf.mul(flat, 12.9898), 0.5))) : flat) as tf.Tensor2D;
  });
}

/**
 * The teacher y = A·tanh(B·x/√n) with entries N(0,1) from the stream (task seed, teacher): 16 hidden units, the same for every
 * start and every seed of a probe, so that all of them learn one function.
 */
export function createTeacher(
  form: LossForm,
  shape: readonly number[],
  sizes: readonly number[],
  ids: readonly boolean[],
  output: string,
  generator: Generator,
): Teacher {
  const width = sizes.reduce((sum, size) => sum + size, 0);
  const outputs = shape.slice(1).reduce((product, size) => product * size, 1);
  const b = generator.normal(
    [width, HIDDEN],
    keyOf('task', '\u0001teacher in', output),
    0,
    2 / Math.sqrt(width),
  );
  const a = generator.normal(
    [HIDDEN, outputs],
    keyOf('task', '\u0001teacher out', output),
    0,
    2 / Math.sqrt(HIDDEN),
  );
  return {
    targets: (inputs) =>
      tf.tidy(() => {
        const x = tf.concat(
          inputs.map((input, index) => features(input, ids[index] ?? false)),
          1,
        );
        const y = tf.matMul(tf.tanh(tf.matMul(x, b as tf.Tensor2D)), a as tf.Tensor2D);
        const shaped = tf.reshape(y, [x.shape[0], ...shape.slice(1)]);
        switch (form) {
          case 'softmax':
            return tf.cast(tf.oneHot(tf.argMax(shaped, -1), shape.at(-1) ?? 1), 'float32');
          case 'sigmoid':
            return tf.cast(tf.greater(shaped, 0), 'float32');
          case 'squared':
          case 'absolute':
            return shaped;
        }
      }),
    dispose: () => {
      a.dispose();
      b.dispose();
    },
  };
}

/** Mean loss of a model without information: the classes' shares, or the mean, of these targets. */
export function uninformedLoss(form: LossForm, targets: tf.Tensor): number {
  return tf.tidy(() => {
    const rows = tf.reshape(targets, [
      -1,
      form === 'softmax' ? (targets.shape.at(-1) ?? 1) : targets.size / (targets.shape[0] ?? 1),
    ]);
    const mean = tf.mean(rows, 0);
    const safe = tf.clipByValue(mean, 1e-7, 1 - 1e-7);
    switch (form) {
      case 'softmax':
        return -(tf.sum(tf.mul(safe, tf.log(safe))).dataSync()[0] ?? NaN);
      case 'sigmoid': {
        const other = tf.sub(1, safe);
        const each = tf.add(tf.mul(safe, tf.log(safe)), tf.mul(other, tf.log(other)));
        return -(tf.mean(each).dataSync()[0] ?? NaN);
      }
      case 'squared':
        return tf.mean(tf.square(tf.sub(rows, mean))).dataSync()[0] ?? NaN;
      case 'absolute':
        return tf.mean(tf.abs(tf.sub(rows, mean))).dataSync()[0] ?? NaN;
    }
  });
}

/** A whole number below `count` for a step: which batch of the training set it takes. */
export function batchOrder(seed: number, steps: number, count: number): number[] {
  const draws = new Float32Array(steps);
  uniform(draws, keyOf(seed, '\u0001batches', ''), 0, 1);
  return Array.from(draws, (u) => Math.min(count - 1, Math.floor(u * count)));
}
