import type { LayerLaw } from '../law.ts';
import { biasMoments, configNumber, findWeight, weightMoments } from '../law.ts';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import type { Signal, WeightMoments } from '../signal.ts';

const gammaOf = (spec: ModelSpec, layer: LayerSpec): WeightMoments => {
  const gamma = findWeight(layer, 'gamma') ?? findWeight(layer, 'scale');
  return gamma === undefined ? { mean: 1, variance: 0 } : weightMoments(spec, gamma);
};

const centred = (spec: ModelSpec, layer: LayerSpec): WeightMoments => biasMoments(spec, layer, 'beta');

function standardized(
  spec: ModelSpec,
  layer: LayerSpec,
  cross: number,
  profile: readonly Float64Array[] | undefined,
): Signal {
  const gamma = gammaOf(spec, layer);
  const beta = centred(spec, layer);
  const square = gamma.variance + gamma.mean * gamma.mean;
  const shift = beta.mean * beta.mean;
  return {
    mean: beta.mean,
    second: square + beta.variance + shift,
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
  const variance = Math.max(0, input.second - input.cross) + epsilon;
  const gamma = gammaOf(spec, layer);
  const kept = Math.max(0, input.second - input.cross) / variance;
  const gain = (gamma.variance + gamma.mean * gamma.mean) / variance;
  const full = standardized(spec, layer, 0, input.profile);
  const shift = full.cross;
  return {
    outputs: [{ ...full, second: (full.second - shift) * kept + shift }],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: energy * gain }] }),
  };
};

/** Layer, group and unit normalization: standardized over the units of each sample, so what samples share stays shared. */
export const layerNormLaw: LayerLaw = ({ spec, layer, inputs }) => {
  const [input] = inputs;
  if (input === undefined) return 'it has no input';
  const epsilon = configNumber(layer, ['epsilon'], 1e-3);
  const variance = Math.max(0, input.second - input.unit) + epsilon;
  const cross = Math.max(0, input.cross - input.unitCross) / variance;
  const gamma = gammaOf(spec, layer);
  const gain = (gamma.variance + gamma.mean * gamma.mean) / variance;
  return {
    outputs: [standardized(spec, layer, Math.min(1, cross), input.profile)],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: energy * gain }] }),
  };
};

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
        logVariance: 0,
        ...(profile === undefined ? {} : { profile }),
      },
    ],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: energy * gain }] }),
  };
};
