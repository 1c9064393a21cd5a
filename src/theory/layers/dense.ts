import { size } from '../law.ts';
import type { LayerLaw } from '../law.ts';
import { biasMoments, findWeight, weightMoments } from '../law.ts';
import { affine } from '../signal.ts';
import { weighted } from '../weighted.ts';
import { backThrough } from '../backThrough.ts';

/** Dense over the last axis, with its activation. */
export const denseLaw: LayerLaw = ({ spec, layer, node, inputs }) => {
  const kernel = findWeight(layer, 'kernel');
  const [input] = inputs;
  if (kernel === undefined || input === undefined) return 'it has no kernel';
  const moments = weightMoments(spec, kernel);
  const z = affine(input, kernel.effectiveFanIn, moments, biasMoments(spec, layer));
  const pre = input.profile === undefined ? z : { ...z, profile: input.profile };
  const units = size(node.outputs[0]?.at(-1));
  const toInputs = backThrough(moments, kernel.effectiveFanIn, units);
  return weighted({ pre, activation: layer.activation, units, toInputs });
};
