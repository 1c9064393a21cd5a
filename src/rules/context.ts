import { layersById } from '../model/everyLayer.ts';
import type { ProofValue, Severity } from '../model/finding.ts';
import type { Measurement, Quantity, SeedMeasurement, TapStats, WeightStats } from '../model/measurement.ts';
import type { NodePrediction, Prediction } from '../model/prediction.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { Measured } from '../model/report.ts';
import type { LayerSpec, ModelSpec, NodeSpec, WeightSpec } from '../model/spec.ts';
import { trunk } from '../model/trunk.ts';

import { ruleOf } from './table.ts';

/** What judging starts from. */
export interface JudgeInput {
  readonly spec: ModelSpec;
  readonly prediction: Prediction;
  readonly measurement: Measurement;
  /** The same seeds with the advised initializers; measured when `wantsTwin` asks. */
  readonly twin?: Measurement;
  readonly config: ProjectConfig;
  /** Real data instead of N(0,1): only then the input's scale and the class prior are judged. */
  readonly data?: boolean;
}

/** One symptom of a model, before causes are named. */
export interface Symptom {
  readonly rule: string;
  readonly severity: Severity;
  /** Where it shows. */
  readonly layer: string;
  readonly message: string;
  readonly values: readonly ProofValue[];
  /** Scale-like symptoms share a search for causes; others are their own cause. */
  readonly chain: boolean;
  readonly cause?: string;
  readonly layers?: readonly string[];
}

type PerTap = (tap: TapStats) => number | undefined;

/** Taps of one seed by node and quantity; where several have names (gates, first and last step) the unnamed one stands for all. */
function indexTaps(seed: SeedMeasurement): ReadonlyMap<string, TapStats> {
  const index = new Map<string, TapStats>();
  for (const tap of seed.taps) {
    const key = `${tap.node}|${tap.quantity}`;
    const known = index.get(key);
    if (known === undefined || (known.name !== undefined && tap.name === undefined)) index.set(key, tap);
  }
  return index;
}

/** A measurement asked by node and layer. */
export class Look {
  readonly measurement: Measurement;
  readonly #taps: readonly ReadonlyMap<string, TapStats>[];
  readonly #weights: readonly ReadonlyMap<string, WeightStats>[];

  constructor(measurement: Measurement) {
    this.measurement = measurement;
    this.#taps = measurement.seeds.map(indexTaps);
    this.#weights = measurement.seeds.map(
      (seed) => new Map(seed.weights.map((weight) => [`${weight.layer}|${weight.weight}`, weight])),
    );
  }

  /** One value per seed, or undefined unless every seed has it. */
  values(node: string, quantity: Quantity, pick: PerTap): readonly number[] | undefined {
    const values: number[] = [];
    for (const taps of this.#taps) {
      const tap = taps.get(`${node}|${quantity}`);
      const value = tap === undefined ? undefined : pick(tap);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values.length === 0 ? undefined : values;
  }

  /** One value of a weight per seed. */
  weight(
    layer: string,
    weight: string,
    pick: (stats: WeightStats) => number | undefined,
  ): readonly number[] | undefined {
    const values: number[] = [];
    for (const weights of this.#weights) {
      const stats = weights.get(`${layer}|${weight}`);
      const value = stats === undefined ? undefined : pick(stats);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values.length === 0 ? undefined : values;
  }
}

/** A weighted layer of the model with its first node. */
export interface WeightedNode {
  readonly node: NodeSpec;
  readonly layer: LayerSpec;
  readonly kernel: WeightSpec;
  readonly onTrunk: boolean;
}

/** Everything rules ask of one judgement. */
export interface Context extends JudgeInput {
  readonly look: Look;
  readonly twinLook: Look | undefined;
  readonly layers: ReadonlyMap<string, LayerSpec>;
  readonly trunk: ReadonlySet<string>;
  /** Layers with a kernel, in topological order. */
  readonly weighted: readonly WeightedNode[];
  threshold(rule: string, name: string): number;
  /** A criterion that no interval could decide: more seeds may. */
  readonly open: { undecided: boolean; wantsTwin: boolean };
}

/** Indexes what is judged. */
export function createContext(input: JudgeInput): Context {
  const layers = layersById(input.spec.layers);
  const onTrunk = trunk(input.spec);
  const seen = new Set<string>();
  const weighted: WeightedNode[] = [];
  for (const node of input.spec.nodes) {
    const layer = layers.get(node.layer);
    const kernel = layer?.weights.find((weight) => weight.part === 'kernel');
    if (layer === undefined || kernel === undefined || seen.has(layer.id)) continue;
    seen.add(layer.id);
    weighted.push({ node, layer, kernel, onTrunk: onTrunk.has(node.id) });
  }
  const { config } = input;
  return {
    ...input,
    look: new Look(input.measurement),
    twinLook: input.twin === undefined ? undefined : new Look(input.twin),
    layers,
    trunk: onTrunk,
    weighted,
    threshold: (rule, name) => config.rules[rule]?.thresholds?.[name] ?? ruleOf(rule).thresholds[name] ?? NaN,
    open: { undecided: false, wantsTwin: false },
  };
}

/** Logarithms of positive values; undefined when one is not positive and finite. */
export function logs(values: readonly number[] | undefined): readonly number[] | undefined {
  if (values === undefined || values.some((value) => !(value > 0) || value === Infinity)) return undefined;
  return values.map(Math.log);
}

/** Pairwise difference of two series of equal length. */
export function difference(
  left: readonly number[] | undefined,
  right: readonly number[] | undefined,
): readonly number[] | undefined {
  if (left === undefined || right === undefined || left.length !== right.length) return undefined;
  return left.map((value, index) => value - (right[index] ?? 0));
}

/** Mean of a series. */
export function average(values: readonly number[] | undefined): number | undefined {
  return values === undefined || values.length === 0
    ? undefined
    : values.reduce((all, next) => all + next, 0) / values.length;
}

/** sd of the logarithm of a ratio between two nodes by the law of finite width; undefined where one has no law. */
export function ratioSigma(prediction: Prediction, first: string, last: string): number | undefined {
  const from: NodePrediction | undefined = prediction.nodes[first];
  const to: NodePrediction | undefined = prediction.nodes[last];
  if (from === undefined || to === undefined) return undefined;
  return Math.max(Math.sqrt(Math.max(0, to.sdLog ** 2 - from.sdLog ** 2)), to.sdLog / 2);
}

/** A proof value from an interval. */
export function proof(name: string, measured: Measured, band: ProofValue['band'], unit: string): ProofValue {
  return { name, value: measured.mean, lo: measured.lo, hi: measured.hi, band, unit };
}
