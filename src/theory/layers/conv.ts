import type { LayerLaw } from '../law.ts';
import { biasMoments, findWeight, weightMoments } from '../law.ts';
import { backThrough } from '../backThrough.ts';
import { affine } from '../signal.ts';
import { channels, channelsFirst, slideAll, windowsOf } from '../spatial.ts';
import { weighted } from '../weighted.ts';

/**
 * Convolutions of any rank, grouped and dilated ones and depthwise ones included: a dense layer over the k·…·C/g terms of a
 * window, of which padding leaves out some at the edges; the second moment's profile over positions is kept per axis.
 */
export const convLaw: LayerLaw = ({ spec, layer, node, inputs, inputShapes }) => {
  const kernel = layer.weights.find((weight) => weight.part === 'kernel');
  const [input] = inputs;
  const [from] = inputShapes;
  const [to] = node.outputs;
  if (kernel === undefined || input === undefined || from === undefined || to === undefined) return 'it has no kernel';
  const moments = weightMoments(spec, kernel);
  const rank = from.length - 2;
  const windows = windowsOf(layer, kernel.shape.slice(0, rank), from, to);
  const { seen, seenUniform, profile } = slideAll(windows, input.profile);
  const z = affine(input, kernel.effectiveFanIn, moments, biasMoments(spec, layer), seen);
  const pre = profile === undefined ? z : { ...z, profile };
  const units = channels(to, channelsFirst(layer));
  const toInputs = backThrough(moments, kernel.effectiveFanIn, units, seenUniform);
  return weighted({ pre, activation: layer.activation, units, toInputs });
};

/** Transposed convolutions: each output sees about k·…·C/s… terms (the effective fan-in); edges are not resolved. */
export const convTransposeLaw: LayerLaw = ({ spec, layer, node, inputs }) => {
  const kernel = findWeight(layer, 'kernel');
  const [input] = inputs;
  const [to] = node.outputs;
  if (kernel === undefined || input === undefined || to === undefined) return 'it has no kernel';
  const moments = weightMoments(spec, kernel);
  const { profile: _, ...flat } = input;
  const pre = affine(flat, kernel.effectiveFanIn, moments, biasMoments(spec, layer));
  const units = channels(to, channelsFirst(layer));
  return weighted({
    pre,
    activation: layer.activation,
    units,
    toInputs: backThrough(moments, kernel.effectiveFanIn, units),
  });
};
