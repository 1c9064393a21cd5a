import { initializerLaw } from '../../model/initializers/catalogue.ts';
import type { WeightSpec } from '../../model/spec.ts';
import type { LayerLaw } from '../law.ts';
import { configNumber, weightMoments } from '../law.ts';
import { wrapped } from './wrappers.ts';

type Find = (kind: string) => LayerLaw | undefined;

/** Moment `order` of the Marchenko–Pastur law of this ratio (Narayana's polynomial). */
function marchenkoPastur(order: number, ratio: number): number {
  let term = 1;
  let sum = 1;
  for (let i = 1; i < order; i += 1) {
    term *= ((order - i + 1) * (order - i) * ratio) / (i * (i + 1));
    sum += term;
  }
  return sum;
}

/**
 * The largest singular value of a random kernel (rows × columns, entries of this variance) as so many power iterations from a random
 * vector estimate it: σ² = E[λ^2k]/E[λ^(2k−1)] over the spectrum of WᵀW. One iteration gives √(rows + columns), many √rows + √columns.
 */
export function estimatedNorm(rows: number, columns: number, variance: number, iterations: number): number {
  const ratio = columns / rows;
  const share = marchenkoPastur(2 * iterations, ratio) / marchenkoPastur(2 * iterations - 1, ratio);
  return Math.sqrt(variance * rows * share);
}

/** Spectral normalization: the wrapped layer with its kernel divided by the norm that power iterations estimate. */
export const spectralNormLaw =
  (find: Find): LayerLaw =>
  (input) => {
    const inner = wrapped(input.layer);
    const law = inner === undefined ? undefined : find(inner.kind);
    if (inner === undefined || law === undefined) return 'there is no moment law for what it wraps';
    const divided = (weight: WeightSpec): WeightSpec | undefined => {
      const { mean, variance } = weightMoments(input.spec, weight);
      const columns = weight.shape.at(-1) ?? 1;
      const rows = weight.shape.slice(0, -1).reduce((all, next) => all * next, 1);
      if (!(variance > 0) || mean * mean * rows > 0.05 * variance) return undefined;
      const { kind } = initializerLaw(weight.initializer, weight, input.spec.semantics.value);
      const iterations = configNumber(input.layer, ['powerIterations'], 1);
      const norm =
        kind === 'orthogonal'
          ? Math.sqrt(variance * Math.max(rows, columns))
          : estimatedNorm(rows, columns, variance, iterations);
      const params = { mean: 0, stddev: Math.sqrt(variance) / norm };
      return { ...weight, initializer: { id: 'randomNormal', params, seed: null, written: '(divided)' } };
    };
    const weights = inner.weights.map((weight) =>
      weight.part === 'kernel' || weight.part === 'table' ? divided(weight) : weight,
    );
    const known = weights.filter((weight) => weight !== undefined);
    if (known.length < weights.length) return 'its kernel is no random matrix';
    return law({ ...input, layer: { ...inner, weights: known } });
  };
