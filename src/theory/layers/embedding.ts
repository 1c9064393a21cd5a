import type { LayerLaw } from '../law.ts';
import { configNumber, weightMoments } from '../law.ts';

/** Embedding of uniform ids: two samples share a row with probability 1/vocabulary. */
export const embeddingLaw: LayerLaw = ({ spec, layer }) => {
  const table = layer.weights.find((weight) => weight.part === 'table');
  if (table === undefined) return 'it has no table';
  const { mean, variance } = weightMoments(spec, table);
  const rows = table.shape[0] ?? configNumber(layer, ['vocabulary', 'inputDim', 'input_dim'], 1);
  const square = mean * mean;
  return {
    outputs: [
      {
        mean,
        second: variance + square,
        cross: variance / rows + square,
        unit: square,
        unitCross: square,
        place: variance / rows + square,
        far: variance / rows + square,
        logVariance: 2 / Math.max(1, rows),
      },
    ],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: 0 }] }),
  };
};
