import type { Backend, Start } from './plan.ts';

/** Statistics of one tensor; shares are in [0, 1] of `count`. Non-finite entries are left out of all but `nonFinite`. */
export interface TensorStats {
  readonly count: number;
  readonly mean: number;
  readonly std: number;
  readonly rms: number;
  readonly min: number;
  readonly max: number;
  readonly zeros: number;
  readonly nonFinite: number;
  /** p1, p5, p50, p95, p99 (from the histogram's fine bins; exact to a bin width). */
  readonly percentiles: readonly [number, number, number, number, number];
  readonly histogram: { readonly low: number; readonly high: number; readonly counts: readonly number[] };
}

/** Statistics over units (channels; last axis unless the layer says otherwise), across all samples and positions. */
export interface UnitStats {
  readonly units: number;
  /** Samples × positions each unit was seen on. Below 64 the shares are not judged. */
  readonly samples: number;
  /** Share of units that are exactly 0 on every sample and position. */
  readonly dead: number;
  /** Share of units that are never 0 (only rectifiers; else 0). */
  readonly alwaysOn: number;
  /** Share of *values* in the flat part of the activation; undefined without a flat part. */
  readonly saturated?: number;
  /** Share of units whose value does not vary over the data (std ≤ 1e-6 · |mean|, or dead). */
  readonly constant: number;
  /** Share of units equal to an earlier unit on every sample. */
  readonly duplicated: number;
  /** Root mean square over units of the per-unit standard deviation over samples and positions. */
  readonly stdOverData: number;
  /** Mean over units of |mean over data|, for bias findings. */
  readonly meanAbs: number;
  /** Mean cosine between the samples' vectors (up to 32 samples); 1 = all inputs look the same. */
  readonly cosine: number;
}

/** What a forward function taps. */
export type Quantity = 'preActivation' | 'activation' | 'gate' | 'logits';

/** One tapped tensor of one node and its gradient. */
export interface TapStats {
  readonly node: string;
  readonly layer: string;
  readonly quantity: Quantity;
  /** Which one when a quantity has several: a gate (`input`, `forget`, `output`, `update`, `reset`), a projection (`query` …), a direction, `first step` and `last step` of a recurrence. */
  readonly name?: string;
  readonly value: TensorStats;
  readonly units?: UnitStats;
  /** Gradient of the loss (mean over the batch × batch, i.e. per sample) with respect to this tensor. */
  readonly gradient?: TensorStats;
  /** Root mean square over samples of ‖∂L/∂z‖₂ per sample. */
  readonly gradientNorm?: number;
  /** rms of the layer's input (pre-activation taps): own factor = value.rms / inputRms. */
  readonly inputRms?: number;
  /** Mean of the bias that was added: `bias-init` (the std over the data of Wx is that of Wx + b). */
  readonly biasMean?: number;
}

/** Singular values of a weight as a matrix: all axes but the last × the last. */
export interface Spectrum {
  /** How many there are: the smaller side of the matrix. */
  readonly count: number;
  readonly max: number;
  /** 0 where it is below about 1e-7 of the largest. */
  readonly min: number;
  /** All of them, or 64 evenly spaced by rank, largest first. */
  readonly values: readonly number[];
}

/** One weight as it was drawn, and its gradient. */
export interface WeightStats {
  readonly layer: string;
  readonly weight: string;
  readonly value: TensorStats;
  readonly gradient?: TensorStats;
  /** Share of output units whose slice differs from every earlier unit's: 1/units when all are tied. */
  readonly distinctUnits: number;
  /** Hash of the values' bits: equal for bit-identical weights. */
  readonly fingerprint: string;
  /** Of the first seed of a model without changes, where it is cheap. */
  readonly singular?: Spectrum;
}

/** The loss of one output at initialization. Natural logarithm; squared error relative to Var y = 1. */
export interface LossStats {
  readonly output: string;
  readonly loss: string;
  /** Given the measured outputs: expected over labels (uniform classes, N(0,1) targets), or of the user's labels (squared error in units of their variance). */
  readonly value: number;
  /** What a model without information has: ln C, ln 2, Var y. */
  readonly uninformed: number;
  /** Standard deviation of the logits over classes (cross-entropies), or rms of the output (squared error). */
  readonly logitStd: number;
  /** Part of the excess that comes from the mean logit per class (prior), the rest from the logit scale. */
  readonly priorExcess: number;
  /** Set where the user's labels were used: class prior, share of ones, or mean target per unit, and the bias that would hold it. */
  readonly prior?: { readonly mean: readonly number[]; readonly bias: readonly number[] };
}

/** Everything measured with one seed. */
export interface SeedMeasurement {
  readonly seed: number;
  readonly taps: readonly TapStats[];
  readonly weights: readonly WeightStats[];
  readonly losses: readonly LossStats[];
}

/** What was measured, whoever measured it: the TensorFlow.js engine or a probe in the user's Python. Plain JSON. */
export interface Measurement {
  readonly version: 1;
  readonly engine: {
    readonly name: string;
    readonly version: string;
    readonly backend: Backend;
    readonly kernels: string;
  };
  readonly modelId: string;
  readonly start: Start;
  readonly batch: number;
  /** In seed order, whatever the number of workers. */
  readonly seeds: readonly SeedMeasurement[];
  /** Layers that were not measured, each with the reason in one line. */
  readonly notMeasured: readonly { readonly layer: string; readonly reason: string }[];
}
