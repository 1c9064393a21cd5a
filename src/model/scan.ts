import type { Progress } from './measurer.ts';
import type { Quantity } from './measurement.ts';
import type { Plan } from './plan.ts';
import type { ProbeOptimizer } from './probe.ts';
import type { Problem } from './problem.ts';
import type { Measured } from './report.ts';
import type { ModelSpec } from './spec.ts';

/** A few steps of one model at one width, on one batch of a seeded task, from each seed's draw. */
export interface CoordinateRequest {
  readonly spec: ModelSpec;
  readonly plan: Plan;
  readonly optimizer: ProbeOptimizer;
  readonly rate: number;
  readonly steps: number;
  readonly seeds: readonly number[];
}

/** The size of one tensor of the forward pass and of its change, as root mean squares over samples and units. */
export interface Coordinate {
  readonly node: string;
  readonly layer: string;
  readonly quantity: Quantity;
  readonly name?: string;
  /** At initialization. */
  readonly rms: number;
  /** Of the difference that the steps made, on the same batch; NaN where the training left the finite numbers. */
  readonly update: number;
}

/** One seed's coordinates, in the order of the graph. */
export interface CoordinateRun {
  readonly seed: number;
  readonly coordinates: readonly Coordinate[];
  /** Loss of every step's batch before the step. */
  readonly losses: readonly number[];
}

/** Takes steps and tells coordinates. Rejects with an InputError, an AbortError or a fault of ours. */
export interface Scanner {
  coordinates(
    request: CoordinateRequest,
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<readonly CoordinateRun[]>;
}

/** How a size follows the width: `flat` and the others need the whole interval of the exponent on their side of ±¼. */
export type Trend = 'flat' | 'grows' | 'shrinks' | 'unclear' | 'zero' | 'not finite';

/** size ∝ width^exponent: fitted seed by seed on logarithms, with its interval over seeds. */
export interface WidthLaw {
  readonly exponent: Measured;
  readonly trend: Trend;
}

/** One tensor over all widths; `values` are geometric means over seeds, in the order of the widths. */
export interface ScannedTensor {
  readonly node: string;
  readonly layer: string;
  readonly quantity: Quantity;
  readonly name?: string;
  readonly activation: WidthLaw & { readonly values: readonly number[] };
  readonly update: WidthLaw & { readonly values: readonly number[] };
}

/** A coordinate check: how every activation and its update follow the width of one model. */
export interface Scan {
  readonly file: string;
  readonly modelId: string;
  readonly model: string;
  readonly framework: string;
  readonly plan: Plan;
  /** What was varied: a name of the file, or every hidden layer's units; its values at each width. */
  readonly parameter: string;
  readonly factors: readonly number[];
  readonly widths: readonly string[];
  /** Parameters of the model at each width. */
  readonly parameters: readonly number[];
  readonly optimizer: ProbeOptimizer;
  readonly rate: number;
  readonly steps: number;
  readonly seeds: readonly number[];
  readonly run: { readonly elapsedMs: number; readonly machine: string };
  readonly reproduce: string;
  readonly tensors: readonly ScannedTensor[];
  readonly verdict: string;
  /** Assumptions worth a line. */
  readonly notes: readonly string[];
}

/** The result of scanning the models of one file. */
export interface ScanSet {
  readonly scans: readonly Scan[];
  readonly errors: readonly Problem[];
  readonly lineStarts: Readonly<Record<string, readonly number[]>>;
}
