import * as tf from '@tensorflow/tfjs-core';
import type { Law } from '../../model/initializers/initializer.ts';
import type { Semantics } from '../../model/semantics.ts';
import type { WeightSpec } from '../../model/spec.ts';
import type { Generator } from './generator.ts';
import { keyOf, type PhiloxKey } from './philox.ts';

/**
 * The stream of a weight. It is its own, (seed, layer id, weight name), unless the file makes the framework repeat draws: weights whose
 * initializers carry the same explicit seed, or are one shared unseeded instance, share a stream per shape. TF.js reads seed 0 as no seed.
 */
export function weightKey(seed: number, layer: string, weight: WeightSpec, semantics: Semantics): PhiloxKey {
  const { initializer, shape, name } = weight;
  const given = initializer.seed === 0 && semantics === 'tfjs' ? null : initializer.seed;
  if (given !== null) return keyOf(seed, `\u0001seed ${given}`, shape.join(' '));
  if (initializer.shared) return keyOf(seed, `\u0001shared ${initializer.shared}`, shape.join(' '));
  return keyOf(seed, layer, name);
}

function identity(shape: readonly number[], gain: number): tf.Tensor {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) out[i * columns + i] = gain;
  return tf.tensor(out, [...shape], 'float32');
}

/** Draws a law of a shape from a key's stream as a new tensor. Throws a RangeError when given values do not fill the shape. */
export function draw(law: Law, shape: readonly number[], key: PhiloxKey, generator: Generator): tf.Tensor {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  switch (law.kind) {
    case 'constant':
      return tf.tensor(new Float32Array(size).fill(law.value), [...shape], 'float32');
    case 'normal':
      return generator.normal(shape, key, law.mean, law.stddev);
    case 'truncatedNormal':
      return generator.truncatedNormal(shape, key, law.mean, law.stddev);
    case 'uniform':
      return generator.uniform(shape, key, law.low, law.high);
    case 'orthogonal': {
      const columns = shape.at(-1) ?? 1;
      return tf.tidy(() =>
        tf.reshape(generator.orthogonal(key, columns === 0 ? 0 : size / columns, columns, law.gain), [
          ...shape,
        ]),
      );
    }
    case 'identity':
      return identity(shape, law.gain);
    case 'values':
      if (law.values.length !== size)
        throw new RangeError(`${law.values.length} values were given for ${size} places.`);
      return tf.tensor(Float32Array.from(law.values), [...shape], 'float32');
  }
}
