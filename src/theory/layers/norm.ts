import type { LayerLaw } from '../law.ts';
import { biasMoments, configNumber, findWeight, weightMoments } from '../law.ts';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import { scaled, type Signal, type WeightMoments } from '../signal.ts';

const gammaOf = (spec: ModelSpec, layer: LayerSpec): WeightMoments => {
  const gamma = findWeight(layer, 'gamma') ?? findWeight(layer, 'scale');
  return gamma === undefined ? { mean: 1, variance: 0 } : weightMoments(spec, gamma);
};

const centred = (spec: ModelSpec, layer: LayerSpec): WeightMoments => biasMoments(spec, layer, 'beta');

/** What γ and β make of a signal of mean 0 and this second moment (1 but for ε) and cross moment. */
function standardized(
  spec: ModelSpec,
  layer: LayerSpec,
  cross: number,
  profile: readonly Float64Array[] | undefined,
  second = 1,
): Signal {
  const gamma = gammaOf(spec, layer);
  const beta = centred(spec, layer);
  const square = gamma.variance + gamma.mean * gamma.mean;
  const shift = beta.mean * beta.mean;
  return {
    mean: beta.mean,
    second: square * second + beta.variance + shift,
    cross: square * cross + beta.variance + shift,
    unit: shift,
    unitCross: shift,
    logVariance: 0,
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Batch normalization in training mode: every unit gets mean β and standard deviation |γ| over the data. */
export const batchNormLaw: LayerLaw = ({ spec, layer, inputs }) => {
  const [input] = inputs;
  if (input === undefined) return 'it has no input';
  const epsilon = configNumber(layer, ['epsilon'], 1e-3);
  const far = input.far ?? input.cross;
  const spread = Math.max(0, input.second - far);
  const variance = spread + epsilon;
  const gamma = gammaOf(spec, layer);
  const gain = (gamma.variance + gamma.mean * gamma.mean) / variance;
  const full = standardized(spec, layer, 0, input.profile);
  const shift = full.cross;
  const left = (value: number): number => Math.max(0, value - far) * gain + shift;
  return {
    outputs: [
      {
        ...full,
        second: spread * gain + shift,
        cross: left(input.cross),
        ...(input.place === undefined ? {} : { place: left(input.place), far: shift }),
      },
    ],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: energy * gain }] }),
  };
};

/** Layer, group and unit normalization: standardized over the units of each sample, so what samples share stays shared. */
export const layerNormLaw: LayerLaw = ({ spec, layer, inputs }) => {
  const [input] = inputs;
  if (input === undefined) return 'it has no input';
  const epsilon = configNumber(layer, ['epsilon'], 1e-3);
  const spread = Math.max(0, input.second - input.unit);
  const variance = spread + epsilon;
  const cross = Math.max(0, input.cross - input.unitCross) / variance;
  const gamma = gammaOf(spec, layer);
  const gain = (gamma.variance + gamma.mean * gamma.mean) / variance;
  return {
    outputs: [
      {
        ...standardized(spec, layer, Math.min(1, cross), input.profile, spread / variance),
        ...(input.place === undefined ? {} : placed(spec, layer, input, variance)),
      },
    ],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: energy * gain }] }),
  };
};

function placed(
  spec: ModelSpec,
  layer: LayerSpec,
  input: Signal,
  variance: number,
): Pick<Signal, 'place' | 'far'> {
  const at = (value: number | undefined): number =>
    Math.min(1, Math.max(0, (value ?? 0) - input.unitCross) / variance);
  return {
    place: standardized(spec, layer, at(input.place), undefined).cross,
    far: standardized(spec, layer, at(input.far), undefined).cross,
  };
}

/** RMS normalization: divided by the root of the mean square over units. */
export const rmsNormLaw: LayerLaw = ({ spec, layer, inputs }) => {
  const [input] = inputs;
  if (input === undefined) return 'it has no input';
  const power = input.second + configNumber(layer, ['epsilon'], 1e-6);
  const gamma = gammaOf(spec, layer);
  const gain = (gamma.variance + gamma.mean * gamma.mean) / power;
  const { profile } = input;
  return {
    outputs: [
      {
        mean: input.mean * Math.sqrt(gain),
        second: input.second * gain,
        cross: input.cross * gain,
        unit: input.unit * gain,
        unitCross: input.unitCross * gain,
        ...(input.place === undefined ? {} : { place: input.place * gain, far: (input.far ?? 0) * gain }),
        logVariance: 0,
        ...(profile === undefined ? {} : { profile }),
      },
    ],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: energy * gain }] }),
  };
};

/** Unit normalization: every sample's vector gets length 1. */
export const unitNormLaw: LayerLaw = ({ inputs, inputShapes }) => {
  const [input] = inputs;
  if (input === undefined || !(input.second > 0)) return 'its input is zero';
  const gain = 1 / (input.second * (inputShapes[0]?.at(-1) ?? 1));
  const { gaussian: _, ...plain } = input;
  return {
    outputs: [{ ...scaled(plain, Math.sqrt(gain)), logVariance: 0 }],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: energy * gain }] }),
  };
};
