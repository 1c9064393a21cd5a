import type { Arriving, LayerLaw } from '../law.ts';
import { biasMoments, configNumbers, findWeight, weightMoments } from '../law.ts';
import { backThrough } from '../backThrough.ts';
import { affine, NO_BIAS } from '../signal.ts';
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
  if (kernel === undefined || input === undefined || from === undefined || to === undefined)
    return 'it has no kernel';
  const moments = weightMoments(spec, kernel);
  const rank = from.length - 2;
  const windows = windowsOf(layer, kernel.shape.slice(0, rank), from, to);
  const { seen, seenUniform, seenBoth, profile } = slideAll(windows, input.profile);
  const z = affine(input, kernel.effectiveFanIn, moments, biasMoments(spec, layer), seen, seenBoth);
  const pre = profile === undefined ? z : { ...z, profile };
  const units = channels(to, channelsFirst(layer));
  const toInputs = backThrough(moments, kernel.effectiveFanIn, units, seenUniform);
  return weighted({ pre, activation: layer.activation, units, toInputs });
};

/** Locally connected layers: a convolution whose positions share no weights, so that they are to one another as units are. */
export const locallyConnectedLaw: LayerLaw = ({ spec, layer, node, inputs, inputShapes }) => {
  const kernel = findWeight(layer, 'kernel');
  const [input] = inputs;
  const [from] = inputShapes;
  const [to] = node.outputs;
  const window = configNumbers(layer, ['kernelSize']);
  if (
    kernel === undefined ||
    input === undefined ||
    from === undefined ||
    to === undefined ||
    window === undefined
  )
    return 'it has no kernel';
  const moments = weightMoments(spec, kernel);
  const { seen, seenUniform, profile } = slideAll(windowsOf(layer, window, from, to), input.profile);
  const { place: _, far: __, ...flat } = input;
  const z = affine(flat, kernel.effectiveFanIn, moments, biasMoments(spec, layer), seen);
  const units = channels(to, channelsFirst(layer));
  const pre = { ...z, place: z.unit, far: z.unitCross, ...(profile === undefined ? {} : { profile }) };
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

/** Separable convolutions: a depthwise one and a 1×1 one after it, with nothing between. */
export const separableLaw: LayerLaw = ({ spec, layer, node, inputs, inputShapes }) => {
  const [depthwise, pointwise] = layer.weights.filter((weight) => weight.part === 'kernel');
  const [input] = inputs;
  const [from] = inputShapes;
  const [to] = node.outputs;
  if (depthwise === undefined || pointwise === undefined || input === undefined)
    return 'it has not two kernels';
  if (from === undefined || to === undefined) return 'its shape is not known';
  const first = weightMoments(spec, depthwise);
  const second = weightMoments(spec, pointwise);
  const windows = windowsOf(layer, depthwise.shape.slice(0, from.length - 2), from, to);
  const { seen, seenUniform, seenBoth, profile } = slideAll(windows, input.profile);
  const between = affine(input, depthwise.effectiveFanIn, first, NO_BIAS, seen, seenBoth);
  const counted = {
    ...between,
    logVariance: between.logVariance + 2 / Math.max(1, pointwise.effectiveFanIn),
  };
  const z = affine(counted, pointwise.effectiveFanIn, second, biasMoments(spec, layer));
  const pre = profile === undefined ? z : { ...z, profile };
  const units = channels(to, channelsFirst(layer));
  const outer = backThrough(second, pointwise.effectiveFanIn, units);
  const inner = backThrough(first, depthwise.effectiveFanIn, pointwise.effectiveFanIn, seenUniform);
  const toInputs = (energy: number): readonly Arriving[] | undefined => {
    const middle = outer(energy)?.[0];
    return middle === undefined ? undefined : inner(middle.energy);
  };
  return weighted({ pre, activation: layer.activation, units, toInputs });
};
