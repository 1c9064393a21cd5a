import type { LayerLaw } from '../law.ts';
import { configNumber, findWeight, weightMoments } from '../law.ts';
import { backThrough } from '../backThrough.ts';
import { affine, NO_BIAS } from '../signal.ts';
import { weighted } from '../weighted.ts';

/** A reverse call is a dense layer of the table's rows, or of its own kernel. */
const reverseLaw: LayerLaw = ({ spec, layer, inputs }) => {
  const weight = findWeight(layer, 'reverse_embeddings') ?? findWeight(layer, 'embeddings');
  const [input] = inputs;
  if (weight === undefined || input === undefined) return 'it has no table';
  if (configNumber(layer, ['softCap'], 0) > 0) return 'its logits are capped';
  const [ids = 1, width = 1] = weight.part === 'table' ? weight.shape : weight.shape.toReversed();
  const moments = weightMoments(spec, weight);
  const pre = affine(input, width, moments, NO_BIAS);
  return weighted({ pre, activation: undefined, units: ids, toInputs: backThrough(moments, width, ids) });
};

/** Embedding of uniform ids: two samples share a row with probability 1/vocabulary. */
export const embeddingLaw: LayerLaw = (input) => {
  const { spec, layer, node } = input;
  if (node.kwargs?.['reverse'] === true) return reverseLaw(input);
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
