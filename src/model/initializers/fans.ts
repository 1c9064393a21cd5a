import type { Semantics } from '../semantics.ts';
import type { WeightFans } from './initializer.ts';

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/**
 * Fans as a framework computes them from a weight's shape alone (theory.md §3.8): Keras `compute_fans` (rank 1: the size
 * itself; rank ≥ 3 taken for a convolution), TF.js (rank 1 and rank ≥ 6: √size for both), PyTorch
 * `_calculate_fan_in_and_fan_out` (output first; rank < 2 is an error there and read as fan 1 here).
 */
export function frameworkFans(shape: readonly number[], semantics: Semantics): WeightFans {
  const rank = shape.length;
  const [first = 1, second = 1] = shape;
  if (semantics === 'pytorch') {
    const field = product(shape.slice(2));
    return rank < 2
      ? { shape, fanIn: first, fanOut: first }
      : { shape, fanIn: second * field, fanOut: first * field };
  }
  if (rank === 2) return { shape, fanIn: first, fanOut: second };
  if (rank < 2 || (semantics === 'tfjs' && rank > 5)) {
    const fan = semantics === 'tfjs' ? Math.sqrt(product(shape)) : first;
    return { shape, fanIn: fan, fanOut: fan };
  }
  const field = product(shape.slice(0, -2));
  return { shape, fanIn: field * (shape.at(-2) ?? 1), fanOut: field * (shape.at(-1) ?? 1) };
}
