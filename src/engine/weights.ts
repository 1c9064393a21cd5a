import * as tf from '@tensorflow/tfjs-core';
import { everyLayer } from '../model/everyLayer.ts';
import { initializerLaw } from '../model/initializers/catalogue.ts';
import type { WeightStats } from '../model/measurement.ts';
import type { ModelSpec, WeightSpec } from '../model/spec.ts';
import { draw, weightKey } from './draws/draw.ts';
import type { Generator } from './draws/generator.ts';
import { spectrumOf } from './spectrum.ts';
import { type Statistics, unitLayout } from './statistics.ts';
import { distinctUnits } from './unitSums.ts';

/** A weight of a model as it stands for one seed; the tensor belongs to the caller. */
export interface LiveWeight {
  readonly layer: string;
  readonly spec: WeightSpec;
  readonly tensor: tf.Tensor;
}

/** All weights of a model by layer id and name. */
export interface Weights {
  readonly all: readonly LiveWeight[];
  of(layer: string, name: string): LiveWeight | undefined;
  dispose(): void;
}

/** Values from the file for a starting point `saved`, in the weight's own shape; undefined where the file has none. */
export type SavedValues = (layer: string, weight: WeightSpec) => Float32Array | undefined;

/**
 * Draws every weight of the model for a seed, or takes the saved values. A weight whose law refuses it (InputError) is left out and named:
 * what needs it is not measured.
 */
export function createWeights(
  spec: ModelSpec,
  seed: number,
  generator: Generator,
  saved: SavedValues | undefined,
  refuse: (layer: string, reason: string) => void,
): Weights {
  const semantics = spec.semantics.value;
  const table = new Map<string, LiveWeight>();
  for (const layer of everyLayer(spec.layers)) {
    for (const weight of layer.weights) {
      try {
        const { shape, fanIn, fanOut, initializer } = weight;
        const values = saved?.(layer.id, weight);
        const key = weightKey(seed, layer.id, weight, semantics);
        const law = () => initializerLaw(initializer, { shape, fanIn, fanOut }, semantics);
        const tensor =
          values === undefined
            ? draw(law(), shape, key, generator)
            : tf.tensor(values, [...shape], 'float32');
        table.set(`${layer.id}\n${weight.name}`, { layer: layer.id, spec: weight, tensor });
      } catch (error) {
        refuse(layer.id, `its weight ${weight.name} cannot be drawn: ${(error as Error).message}`);
      }
    }
  }
  return {
    all: [...table.values()],
    of: (layer, name) => table.get(`${layer}\n${name}`),
    dispose: () => table.forEach(({ tensor }) => tensor.dispose()),
  };
}

/** Statistics of a weight and of its gradient, where there is one; singular values where `spectra` has the weight. */
export function weightStats(
  { layer, spec, tensor }: LiveWeight,
  gradient: tf.Tensor | undefined,
  spectra: ReadonlySet<WeightSpec>,
  statistics: Statistics,
  view: (tensor: tf.TensorInfo) => Float32Array,
): WeightStats {
  const { value, units } = statistics.reduce(tensor, unitLayout(tensor.shape, spec.unitAxis));
  const singular = spectra.has(spec) ? spectrumOf(spec, view(tensor)) : undefined;
  return {
    layer,
    weight: spec.name,
    value,
    ...(gradient === undefined ? {} : { gradient: statistics.reduce(gradient).value }),
    distinctUnits: units === undefined ? 1 : distinctUnits(units),
    fingerprint: statistics.fingerprint(tensor),
    ...(singular === undefined ? {} : { singular }),
  };
}
