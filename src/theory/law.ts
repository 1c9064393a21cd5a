import type { LayerSpec, ModelSpec, NodeSpec, WeightSpec } from '../model/spec.ts';
import type { Shape } from '../model/shape.ts';
import { initializerLaw } from '../model/initializers/catalogue.ts';
import { lawMoments } from '../model/initializers/moments.ts';
import type { Signal, WeightMoments } from './signal.ts';
import { NO_BIAS } from './signal.ts';

/** Squared gradient arriving at an output, per sample: E‖∂L/∂a‖²; `slope` replaces E[φ′²] where a consumer selects values. */
export interface Arriving {
  readonly energy: number;
  readonly slope?: number;
  /** The energy is that of ∂L/∂z already (a head with its loss). */
  readonly atPreActivation?: boolean;
}

/** What a layer sends back: energy at its own pre-activation and at each input; undefined where no law is known. */
export interface SentBack {
  readonly own: number;
  readonly inputs: readonly Arriving[];
}

/** A layer's forward moments, and the way back. */
export interface Propagated {
  /** Moments before the activation; absent where the layer has none of its own. */
  readonly pre?: Signal;
  readonly outputs: readonly Signal[];
  readonly zeros?: number;
  readonly saturated?: number;
  readonly back: (arriving: Arriving) => SentBack | undefined;
}

/** What a law is given. */
export interface LawInput {
  readonly spec: ModelSpec;
  readonly layer: LayerSpec;
  readonly node: NodeSpec;
  readonly inputs: readonly Signal[];
  readonly inputShapes: readonly Shape[];
}

/** A moment law of one layer kind; a string says why there is none for this layer. */
export type LayerLaw = (input: LawInput) => Propagated | string;

/** First two moments of a weight under the file's semantics. */
export function weightMoments(spec: ModelSpec, weight: WeightSpec): WeightMoments {
  const law = initializerLaw(weight.initializer, weight, spec.semantics.value);
  const { mean, variance } = lawMoments(law, weight.shape);
  return { mean, variance };
}

/** The weight of this part (or name) in a layer. */
export function findWeight(layer: LayerSpec, name: string): WeightSpec | undefined {
  return layer.weights.find((weight) => weight.name === name);
}

/** Moments of a bias that may be absent. */
export function biasMoments(spec: ModelSpec, layer: LayerSpec, name = 'bias'): WeightMoments {
  const bias = findWeight(layer, name);
  return bias === undefined ? NO_BIAS : weightMoments(spec, bias);
}

/** A number of a layer's config, under the first of these keys that is one. */
export function configNumber(layer: LayerSpec, keys: readonly string[], fallback: number): number {
  for (const key of keys) {
    const value = layer.config[key];
    if (typeof value === 'number') return value;
  }
  return fallback;
}

/** A list of numbers of a layer's config (a number stands for a list of one). */
export function configNumbers(layer: LayerSpec, keys: readonly string[]): readonly number[] | undefined {
  for (const key of keys) {
    const value = layer.config[key];
    if (typeof value === 'number') return [value];
    if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value as number[];
  }
  return undefined;
}

/** Known size of a dimension. */
export function size(dimension: number | null | undefined): number {
  return dimension ?? 1;
}
