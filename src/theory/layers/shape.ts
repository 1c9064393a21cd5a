import type { Arriving, LayerLaw } from '../law.ts';
import { configNumbers, size } from '../law.ts';
import { sampleSize } from '../../model/shape.ts';
import type { Signal } from '../signal.ts';

const plain = (input: Signal): Signal => {
  const { profile: _, place: __, far: ___, ...rest } = input;
  return rest;
};

const pass = (inputs: readonly Signal[], output: Signal, factor = 1): ReturnType<LayerLaw> => ({
  outputs: [output],
  back: ({ energy, slope, atPreActivation }) => ({
    own: energy,
    inputs: inputs.map((_, at): Arriving =>
      at > 0
        ? { energy: 0 }
        : {
            energy: energy * factor,
            ...(slope === undefined ? {} : { slope }),
            ...(atPreActivation === undefined ? {} : { atPreActivation }),
          },
    ),
  }),
});

/** Layers that hand their values on unchanged (dropout off, identity, masking, activity regularization). */
export const identityLaw: LayerLaw = ({ inputs }) => {
  const [input] = inputs;
  return input === undefined ? 'it has no input' : pass(inputs, input);
};

/** Reshapes: positions become units, so that units of one sample look partly like samples do. */
export const reshapeLaw: LayerLaw = ({ node, inputs, inputShapes }) => {
  const [input] = inputs;
  const [from] = inputShapes;
  const [to] = node.outputs;
  if (input === undefined || from === undefined || to === undefined) return 'it has no input';
  const channels = size(from.at(-1));
  const positions = Math.max(1, sampleSize(from) / channels);
  if (positions === 1) return pass(inputs, plain(input));
  const samePosition = (channels - 1) / (channels * positions - 1);
  const sameUnit = (positions - 1) / (channels * positions - 1);
  const other = Math.max(0, 1 - samePosition - sameUnit);
  const unit = samePosition * input.unit + sameUnit * (input.place ?? input.cross) + other * input.unitCross;
  return pass(inputs, { ...plain(input), unit });
};

/** Zero padding, cropping, upsampling, slices, repeats: moments scaled by how many values are new. */
export const resizeLaw: LayerLaw = ({ layer, node, inputs, inputShapes }) => {
  const [input] = inputs;
  const [from] = inputShapes;
  const [to] = node.outputs;
  if (input === undefined || from === undefined || to === undefined) return 'it has no input';
  const ratio = sampleSize(to) / Math.max(1, sampleSize(from));
  const padded = /pad/i.test(layer.kind) || /pad/i.test(layer.className);
  const { gaussian: _, ...values } = plain(input);
  if (ratio <= 1) return pass(inputs, plain(input), 1);
  if (!padded) return pass(inputs, plain(input), ratio);
  const share = 1 / ratio;
  return pass(inputs, {
    ...values,
    mean: input.mean * share,
    second: input.second * share,
    cross: input.cross * share,
    unit: input.unit * share,
    unitCross: input.unitCross * share,
  });
};

/** Normalization by given statistics, one per channel, whose values are taken alike over channels; unlearned ones change nothing. */
export const normalizationLaw: LayerLaw = (input) => {
  const { layer } = input;
  const means = configNumbers(layer, ['mean']);
  const variances = configNumbers(layer, ['variance']);
  if (means === undefined || variances === undefined) return identityLaw(input);
  const [signal] = input.inputs;
  if (signal === undefined) return 'it has no input';
  const inverted = layer.config['invert'] === true;
  const channels = means.map((mean, i) => {
    const deviation = Math.max(Math.sqrt(variances[i] ?? variances[0] ?? 1), 1e-7);
    return inverted
      ? { scale: deviation, offset: mean }
      : { scale: 1 / deviation, offset: -mean / deviation };
  });
  const average = (pick: (channel: { scale: number; offset: number }) => number): number =>
    channels.reduce((sum, channel) => sum + pick(channel), 0) / channels.length;
  const square = average(({ scale }) => scale * scale);
  const shift = average(({ scale, offset }) => 2 * scale * signal.mean * offset + offset * offset);
  const mean = average(({ scale, offset }) => scale * signal.mean + offset);
  const { gaussian: _, place: __, far: ___, ...values } = signal;
  const moved = (value: number): number => value * square + shift;
  const output = {
    ...values,
    mean,
    second: moved(signal.second),
    cross: moved(signal.cross),
    unit: mean * mean,
    unitCross: mean * mean,
  };
  return pass(input.inputs, output, square);
};

/** Additive noise and scaling by constants (Rescaling). */
export const rescalingLaw: LayerLaw = ({ layer, inputs }) => {
  const [input] = inputs;
  if (input === undefined) return 'it has no input';
  const number = (key: string, fallback: number): number | undefined => {
    const value = layer.config[key] ?? fallback;
    return typeof value === 'number' ? value : undefined;
  };
  const scale = number('scale', 1);
  const offset = number('offset', 0);
  if (scale === undefined || offset === undefined) return 'its scale is not one number';
  const square = scale * scale;
  const shift = 2 * scale * input.mean * offset + offset * offset;
  const { gaussian: _, ...values } = input;
  return pass(
    inputs,
    {
      ...values,
      mean: input.mean * scale + offset,
      second: input.second * square + shift,
      cross: input.cross * square + shift,
      unit: input.unit * square + shift,
      unitCross: input.unitCross * square + shift,
    },
    square,
  );
};
