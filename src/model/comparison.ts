import type { Change } from './change.ts';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Measured } from './report.ts';

/** The figures by which starting points are compared, over seeds. Ratios are of the trunk's hidden weighted layers. */
export interface StartFigures {
  /** rms of the last over the first pre-activation. */
  readonly signal: Measured;
  /** Gradient norm of the first over the last. */
  readonly gradient: Measured;
  /** Largest |ln| of either along the way. */
  readonly drift: Measured;
  readonly dead: Measured;
  readonly saturated: Measured;
  readonly initialLoss: Measured;
}

/** A quantity over the layers of a comparison, to six digits; null where it was not measured. */
export type Profile = readonly (number | null)[];

/** One initialization of the model, measured. */
export interface ComparedStart {
  readonly id: string;
  /** What a person reads: `HeNormal everywhere`, `as in the file`. */
  readonly title: string;
  readonly changes: readonly Change[];
  readonly figures: StartFigures;
  /** rms and gradient norm, over the comparison's `layers`. */
  readonly profile: { readonly signal: Profile; readonly gradient: Profile };
  /** Rules that fire at warning or above. */
  readonly findings: readonly string[];
  /** Why it stands where it stands, in one sentence. */
  readonly why: string;
}

/** Initializations of one model side by side, best first. */
export interface Comparison {
  readonly file: string;
  readonly modelId: string;
  readonly model: string;
  readonly framework: string;
  readonly plan: Plan;
  readonly run: { readonly elapsedMs: number; readonly machine: string };
  readonly reproduce: string;
  /** The weighted layers of the profiles, in graph order. */
  readonly layers: readonly string[];
  readonly starts: readonly ComparedStart[];
}

/** The result of comparing the models of one file. */
export interface ComparisonSet {
  readonly comparisons: readonly Comparison[];
  readonly errors: readonly Problem[];
  readonly lineStarts: Readonly<Record<string, readonly number[]>>;
}
