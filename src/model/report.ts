import type { Finding } from './finding.ts';
import type { LossStats, Spectrum, TensorStats } from './measurement.ts';
import type { Origin } from './origin.ts';
import type { Plan, Start } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Question } from './reader.ts';
import type { Semantics } from './semantics.ts';
import type { InitializerSpec } from './initializers/initializer.ts';
import type { Shape } from './shape.ts';
import type { ModelSpec, Role } from './spec.ts';

/** A quantity over seeds. Scales: geometric mean and interval of the logarithm; shares: arithmetic. n = seeds. */
export interface Measured {
  readonly mean: number;
  readonly lo: number;
  readonly hi: number;
  readonly n: number;
}

/**
 * Quantities of a layer in a report. Scales are rms unless they say otherwise; shares in [0,1]; `gradientNorm` is per sample;
 * `gradientToWeight` is rms(∂L/∂W)/rms(W).
 */
export type LayerQuantity =
  | 'preActivation'
  | 'activation'
  | 'stdOverData'
  | 'gradientNorm'
  | 'gradientToWeight'
  | 'dead'
  | 'alwaysOn'
  | 'saturated'
  | 'zeros'
  | 'cosine'
  | 'weight';

/** Distributions of one layer from the first seed, for the views; left out of the JSON unless asked for. */
export interface LayerDistributions {
  readonly preActivation?: TensorStats;
  readonly activation?: TensorStats;
  readonly gradient?: TensorStats;
  readonly weight?: TensorStats;
  /** Of the first weight, where it was cheap. */
  readonly singular?: Spectrum;
}

/** One layer of a report. */
export interface ReportLayer {
  readonly id: string;
  readonly path: readonly string[];
  readonly name: string;
  readonly class: string;
  readonly kind: string;
  readonly activation?: string;
  readonly shape: Shape;
  readonly origins: readonly Origin[];
  readonly roles: readonly Role[];
  readonly trunk: boolean;
  readonly parameters: number;
  readonly initializers: readonly {
    readonly weight: string;
    readonly spec: InitializerSpec;
    readonly spelled: string;
    readonly fanIn: number;
    readonly effectiveFanIn: number;
    /** √(fan_in·Var W) the kernel has, and what this layer needs; absent for biases and scales. */
    readonly gain?: { readonly has: number; readonly needs: number };
  }[];
  readonly measured: Partial<Readonly<Record<LayerQuantity, Measured>>>;
  readonly predicted: Partial<Readonly<Record<LayerQuantity, number>>>;
  /** The twin's values: what a well-initialized net of this shape has. */
  readonly expected: Partial<Readonly<Record<LayerQuantity, Measured>>>;
  readonly notMeasured?: string;
  /** Why its numbers are held to no framework's own (`model/layers/unproven.ts`). */
  readonly unproven?: string;
  readonly distributions?: LayerDistributions;
}

/** A layered drawing: boxes by layer id with their corner, edges as bends from source to target, all in pixels of a canvas. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: Readonly<
    Record<
      string,
      { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
    >
  >;
  readonly edges: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** What was measured with a set of changes, in the order of the report's layers: means over seeds, null where there is none. */
export interface RepairProfile {
  /** rms before the activation, else behind it. */
  readonly signal: readonly (number | null)[];
  readonly gradient: readonly (number | null)[];
}

/** Everything known about one model after an inspection. Same input and plan: equal but for `run`. */
export interface Report {
  readonly file: string;
  readonly modelId: string;
  readonly model: string;
  readonly format: string;
  readonly framework: string;
  readonly semantics: { readonly value: Semantics; readonly from: string };
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly plan: Plan;
  readonly run: { readonly elapsedMs: number; readonly machine: string };
  /** The command that reproduces it. */
  readonly reproduce: string;
  /** One sentence: what is wrong, or that nothing is. */
  readonly verdict: string;
  readonly loss: readonly (LossStats & { readonly from: string })[];
  readonly starts: Partial<
    Readonly<Record<Start, { readonly summary: string; readonly loss: readonly LossStats[] }>>
  >;
  readonly origin: Origin;
  readonly layers: readonly ReportLayer[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly findings: readonly Finding[];
  /** Profiles with the changes of an advice, each set of changes once. */
  readonly repairs?: readonly RepairProfile[];
  readonly problems: readonly Problem[];
  readonly contentHash: string;
  /** What was measured, for the views' What if; only beside distributions. */
  readonly spec?: ModelSpec;
  /** The file carries trained weights; only in what the views are sent. */
  readonly savedWeights?: boolean;
  /** Where each layer is drawn, for the views. */
  readonly graph?: GraphLayout;
}

/** What a rule says of itself; carried with reports so that views need no rules. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly explanation: string;
  /** Path of its page, `docs/rules/<id>.md`. */
  readonly doc: string;
}

/** The result of one call over many files. */
export interface ReportSet {
  readonly rules: Readonly<Record<string, RuleInfo>>;
  readonly reports: readonly Report[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  readonly errors: readonly Problem[];
  /** Sizes that a file does not tell and a person must; each is in `errors` too. */
  readonly questions?: readonly Question[];
  /** Offsets at which the lines of each file start that origins or problems refer to: ranges become lines without the text. */
  readonly lineStarts: Readonly<Record<string, readonly number[]>>;
}
