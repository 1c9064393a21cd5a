import { weightMoments, type LayerLaw } from '../law.ts';
import { LINEAR } from '../../model/activations/catalogue.ts';
import { channels, channelsFirst } from '../spatial.ts';
import { activate } from '../signal.ts';
import { overAxis } from '../overAxis.ts';

/** Activation layers: φ of a z taken as normal. The layer before has counted no width for it, so this one does. */
export const activationLaw: LayerLaw = ({ layer, node, inputs }) => {
  const [input] = inputs;
  const [shape] = node.outputs;
  if (input === undefined || shape === undefined) return 'it has no input';
  const activation = layer.activation ?? LINEAR;
  const units = channels(shape, channelsFirst(layer));
  const activated = activate(input, activation, units);
  if (activated === undefined) {
    const { output, slopeSquared } = overAxis(activation, input, units);
    return {
      outputs: [output],
      back: ({ energy, atPreActivation }) => ({
        own: energy,
        inputs: [{ energy: atPreActivation ? energy : energy * slopeSquared }],
      }),
    };
  }
  const { output, slopeSquared, zeros, saturated } = activated;
  return {
    outputs: [output],
    zeros,
    saturated,
    back: ({ energy, slope, atPreActivation }) => ({
      own: energy,
      inputs: [{ energy: atPreActivation ? energy : energy * (slope ?? slopeSquared) }],
    }),
  };
};

/** PReLU: a leaky rectifier whose slope is the mean that its weight starts with. */
export const preluLaw: LayerLaw = (input) => {
  const alpha = input.layer.weights.find(({ name }) => name === 'alpha');
  const slope = alpha === undefined ? 0 : weightMoments(input.spec, alpha).mean;
  const activation = { id: 'prelu', params: { negative_slope: slope }, written: 'PReLU' };
  return activationLaw({ ...input, layer: { ...input.layer, activation } });
};
