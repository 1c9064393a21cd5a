import type { Law } from '../../model/initializers/initializer.ts';
import type { Semantics } from '../../model/semantics.ts';
import type { WeightSpec } from '../../model/spec.ts';
import { orthogonal } from './orthogonal.ts';
import { keyOf, type PhiloxKey } from './philox.ts';
import { normal, truncatedNormal, uniform } from './reference.ts';

/** The random part of drawing; our wasm kernels replace it by one that agrees to 1 ulp (docs/generator.md). */
export interface Generator {
  uniform(out: Float32Array, key: PhiloxKey, low: number, high: number): void;
  normal(out: Float32Array, key: PhiloxKey, mean: number, std: number): void;
  truncatedNormal(out: Float32Array, key: PhiloxKey, mean: number, std: number): void;
  orthogonal(out: Float32Array, key: PhiloxKey, rows: number, columns: number, gain: number): void;
}

/** The generator as docs/generator.md states it, in float64. */
export const referenceGenerator: Generator = { uniform, normal, truncatedNormal, orthogonal };

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

function identity(out: Float32Array, shape: readonly number[], gain: number): void {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  for (let i = 0; i < Math.min(rows, columns); i++) out[i * columns + i] = gain;
}

/** Draws a law of a shape from a key's stream, row-major. Throws a RangeError when given values do not fill the shape. */
export function draw(law: Law, shape: readonly number[], key: PhiloxKey, generator: Generator): Float32Array {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const out = new Float32Array(size);
  switch (law.kind) {
    case 'constant':
      out.fill(law.value);
      break;
    case 'normal':
      generator.normal(out, key, law.mean, law.stddev);
      break;
    case 'truncatedNormal':
      generator.truncatedNormal(out, key, law.mean, law.stddev);
      break;
    case 'uniform':
      generator.uniform(out, key, law.low, law.high);
      break;
    case 'orthogonal': {
      const columns = shape.at(-1) ?? 1;
      if (size > 0) generator.orthogonal(out, key, size / columns, columns, law.gain);
      break;
    }
    case 'identity':
      identity(out, shape, law.gain);
      break;
    case 'values':
      if (law.values.length !== size)
        throw new RangeError(`${law.values.length} values were given for ${size} places.`);
      out.set(law.values);
      break;
  }
  return out;
}
