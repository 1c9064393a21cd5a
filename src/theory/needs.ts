import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationKind } from '../model/activations/catalogue.ts';
import type { InitializerSpec } from '../model/initializers/initializer.ts';
import { initializerLaw } from '../model/initializers/catalogue.ts';
import { lawMoments } from '../model/initializers/moments.ts';
import { isAttention, makesLogits } from '../model/attention.ts';
import type { WeightNeed } from '../model/prediction.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../model/spec.ts';
import { graphOf } from '../model/specGraph.ts';
import { exactMoments } from './activationMoments.ts';
import { following, isNorm } from './following.ts';

const gains = new WeakMap<ActivationSpec, number>();

/**
 * The gain √(fan_in·Var W) an activation needs (theory.md §4): the forward gain at unit variance for rectifiers, smooth or not;
 * 1/φ′(0) for odd saturating ones (their critical line without bias: 1 for tanh); 1 for sigmoids, which no gain repairs, and
 * for what is linear or over an axis.
 */
function activationGain(activation: ActivationSpec): number {
  let gain = gains.get(activation);
  if (gain === undefined) {
    gain = computeGain(activation);
    gains.set(activation, gain);
  }
  return gain;
}

function computeGain(activation: ActivationSpec): number {
  const kind = activationKind(activation.id);
  if (kind.value === undefined || kind.slope === undefined || kind.family === 'linear') return 1;
  if (kind.family === 'saturating') {
    const centred = Math.abs(kind.value(0, activation.params)) < 1e-9;
    return centred ? 1 / kind.slope(0, activation.params) : 1;
  }
  if (kind.family === 'other') return 1;
  const { second } = exactMoments(activation, 0, 1);
  return second > 0 ? Math.min(4, 1 / Math.sqrt(second)) : 1;
}

const blocks = new WeakMap<ModelSpec, { readonly count: number; readonly normed: boolean }>();

/** Residual blocks of a model, and whether norms hold their variance. */
function residualBlocks(spec: ModelSpec): { readonly count: number; readonly normed: boolean } {
  let known = blocks.get(spec);
  if (known === undefined) {
    const ends = spec.layers.filter((layer) => layer.roles.includes('residual-end'));
    known = { count: ends.length, normed: spec.layers.some(isNorm) };
    blocks.set(spec, known);
  }
  return known;
}

/** √(fan_in·Var W) that a layer's kernel needs; undefined for layers without a kernel. */
export function neededGain(spec: ModelSpec, layerId: string): number | undefined {
  const layer = graphOf(spec).layers.get(layerId);
  if (layer === undefined || !layer.weights.some((weight) => weight.part === 'kernel')) return undefined;
  if (layer.roles.includes('head')) return 1;
  const gain = activationGain(following(spec, layerId).activation);
  const { count, normed } = residualBlocks(spec);
  if (layer.roles.includes('residual-end') && !normed && count >= 2) return gain / Math.sqrt(count);
  return gain;
}

/** Root mean square of an entry as the initializer draws it; undefined where it has no law. */
export function drawnRms(
  spec: ModelSpec,
  weight: WeightSpec,
  initializer = weight.initializer,
): number | undefined {
  try {
    const law = initializerLaw(initializer, weight, spec.semantics.value);
    const { mean, variance } = lawMoments(law, weight.shape);
    return Math.sqrt(variance + mean * mean);
  } catch {
    return undefined;
  }
}

/** The rms an entry of this weight should have: kernels by gain and true fan-in, recurrent kernels 1/√(G·u); others undefined. */
export function neededRms(spec: ModelSpec, layer: LayerSpec, weight: WeightSpec): number | undefined {
  if (weight.part === 'recurrent') return 1 / Math.sqrt(weight.shape.at(-1) ?? 1);
  if (weight.part !== 'kernel') return undefined;
  if (isRecurrent(layer)) return Math.sqrt(2 / (weight.fanIn + weight.fanOut));
  if (isAttention(layer)) return 1 / Math.sqrt(weight.effectiveFanIn);
  const gain = neededGain(spec, layer.id);
  return gain === undefined ? undefined : gain / Math.sqrt(weight.effectiveFanIn);
}

/** Whether a layer has a state kernel. */
function isRecurrent(layer: LayerSpec): boolean {
  return layer.weights.some((weight) => weight.part === 'recurrent');
}

/** rms(W) as drawn ÷ rms(W) as needed (rules.md 'static factor'); undefined where either is. */
function staticFactor(spec: ModelSpec, layer: LayerSpec, weight: WeightSpec): number | undefined {
  const has = drawnRms(spec, weight);
  const needs = neededRms(spec, layer, weight);
  return has === undefined || needs === undefined || needs === 0 ? undefined : has / needs;
}

/** The shape of distribution an advised initializer keeps, so that its draws are the file's, rescaled. */
function shapeOf(spec: ModelSpec, weight: WeightSpec): 'normal' | 'uniform' | 'orthogonal' {
  if (weight.initializer.id === 'orthogonal') return 'orthogonal';
  if (spec.semantics.value === 'tfjs') return 'uniform';
  try {
    return initializerLaw(weight.initializer, weight, spec.semantics.value).kind === 'uniform'
      ? 'uniform'
      : 'normal';
  } catch {
    return 'normal';
  }
}

const make = (id: string, params: InitializerSpec['params'] = {}): InitializerSpec => ({
  id,
  params,
  seed: null,
  written: '(advised)',
});

const PRESETS: readonly (readonly [number, string])[] = [
  [2, 'he'],
  [1, 'leCun'],
];

/**
 * Variance `scale`/fan_in as the semantics can say it: the preset where one fits to 1 %, else variance scaling. TF.js gets uniform
 * ones, whose variance is right there (theory.md §5).
 */
export function varianceInitializer(spec: ModelSpec, weight: WeightSpec, variance: number): InitializerSpec {
  const shape = shapeOf(spec, weight);
  if (shape === 'orthogonal') {
    const columns = weight.shape.at(-1) ?? 1;
    const rows = weight.shape.reduce((all, next) => all * next, 1) / columns;
    const gain = Math.sqrt(variance * Math.max(rows, columns));
    return make('orthogonal', { gain: Math.abs(gain - 1) < 1e-3 ? 1 : round(gain) });
  }
  const scale = variance * Math.max(1, weight.fanIn);
  const suffix = shape === 'uniform' ? 'Uniform' : 'Normal';
  for (const [preset, name] of PRESETS) {
    if (Math.abs(scale / preset - 1) < 0.01) return make(`${name}${suffix}`);
  }
  const distribution = shape === 'uniform' ? 'uniform' : 'truncatedNormal';
  return make('varianceScaling', { scale: round(scale), mode: 'fanIn', distribution });
}

const round = (value: number): number => Number(value.toPrecision(4));

/** The band in which a recurrent layer's kernels count as fitting, its ends included: where training saw no harm (docs/calibration.md). */
const withinTwice = (factor: number): boolean => factor >= 0.5 - ROUNDING && factor <= 2 + ROUNDING;
const ROUNDING = 1e-9;

/** Whether a bias (or a norm's offset) is large enough to matter: PyTorch's U(±1/√n) and 0.1 are not. */
function biasMatters(spec: ModelSpec, weight: WeightSpec): boolean {
  return (drawnRms(spec, weight) ?? 0) > 0.25;
}

/**
 * The initializer a weight should have in its place, spelled for its semantics: kernels by gain, true fan-in and role; recurrent
 * kernels orthogonal; large hidden biases zero. Undefined where there is no better one: designs (zero-γ, zeroed or damped
 * branch ends and heads, forget biases, gates), scales, statistics, tables.
 */
export function fittedInitializer(
  spec: ModelSpec,
  layerId: string,
  weightName: string,
): InitializerSpec | undefined {
  const layer = graphOf(spec).layers.get(layerId);
  const weight = layer?.weights.find((candidate) => candidate.name === weightName);
  if (layer === undefined || weight === undefined) return undefined;
  if (weight.part === 'bias' || weight.part === 'offset') {
    const kept = isRecurrent(layer) || layer.roles.includes('head') || layer.roles.includes('gate');
    return kept || !biasMatters(spec, weight) ? undefined : make('zeros');
  }
  if (weight.part === 'recurrent') {
    const factor = staticFactor(spec, layer, weight) ?? 1;
    const fits = withinTwice(factor) && !isTied(spec, weight);
    return fits ? undefined : make('orthogonal', { gain: 1 });
  }
  if (weight.part !== 'kernel') return undefined;
  const factor = staticFactor(spec, layer, weight);
  const needs = neededRms(spec, layer, weight);
  if (factor === undefined || needs === undefined) return undefined;
  if (weight.initializer.id === 'identity') return undefined;
  const design = ['residual-end', 'head', 'branch-scale', 'gate'] as const;
  if (factor <= 1.02 && design.some((role) => layer.roles.includes(role))) return undefined;
  if (isRecurrent(layer)) {
    const fits = withinTwice(factor) && !isTied(spec, weight);
    return fits ? undefined : make('glorotUniform');
  }
  const hidden = makesLogits(layer, weight) ? 1.5 : 4;
  if (layer.roles.includes('before-norm') && factor <= hidden && !isTied(spec, weight)) return undefined;
  const loose =
    layer.roles.includes('head') ||
    following(spec, layerId).activation.id === 'linear' ||
    isSquashed(spec, layerId);
  const tolerance = loose ? 1.5 : 1.06;
  if (factor > 1 / tolerance && factor < tolerance && !isTied(spec, weight)) return undefined;
  return varianceInitializer(spec, weight, needs * needs);
}

/** Glorot and LeCun both fit where the gain is 1 and the activation squashes. */
function isSquashed(spec: ModelSpec, layerId: string): boolean {
  return activationKind(following(spec, layerId).activation.id).family === 'saturating';
}

/** Whether all units of a kernel start the same (its initializer has no randomness). */
function isTied(spec: ModelSpec, weight: WeightSpec): boolean {
  if (weight.initializer.id === 'identity') return false;
  try {
    const law = initializerLaw(weight.initializer, weight, spec.semantics.value);
    if (law.kind === 'constant') return true;
    if (law.kind === 'normal' || law.kind === 'truncatedNormal') return law.stddev === 0;
    if (law.kind === 'uniform') return law.high === law.low;
    return law.kind === 'orthogonal' && law.gain === 0;
  } catch {
    return false;
  }
}

/** What theory says of every kernel of a spec, by `layer|weight`. */
export function weightNeeds(spec: ModelSpec): Readonly<Record<string, WeightNeed>> {
  const needs: Record<string, WeightNeed> = Object.create(null) as Record<string, WeightNeed>;
  for (const layer of graphOf(spec).layers.values()) {
    for (const weight of layer.weights) {
      const needed = neededRms(spec, layer, weight);
      const drawn = needed === undefined ? undefined : drawnRms(spec, weight);
      if (drawn === undefined || needed === undefined) continue;
      const root = Math.sqrt(weight.effectiveFanIn);
      needs[`${layer.id}|${weight.name}`] = {
        neededRms: needed,
        drawnRms: drawn,
        gain: { has: drawn * root, needs: needed * root },
        tied: isTied(spec, weight),
        activation: following(spec, layer.id).activation.id,
      };
    }
  }
  return needs;
}
