import type { Semantics } from '../semantics.ts';

/**
 * An initializer as a file names it, canonical: `id` is a row of the catalogue (`heNormal`, `varianceScaling`, …), `params`
 * are complete (defaults of the semantics filled in), `written` is the spelling in the file or `(default)`.
 */
export interface InitializerSpec {
  readonly id: string;
  readonly params: Readonly<Record<string, number | string>>;
  /** The seed the file gives, or null. Equal seeds make equal draws in some frameworks: `duplicate-weights`. */
  readonly seed: number | null;
  readonly written: string;
  /** Same non-empty value on two weights: one unseeded instance shared by both (Keras 3 draws identical values). */
  readonly shared?: string;
  /** Set where the framework draws something else than what is written (theory.md §5): one line that says so. */
  readonly trap?: string;
}

/** What a weight needs to be drawn: its shape and the fans as the *framework* computes them. */
export interface WeightFans {
  readonly shape: readonly number[];
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The distribution that is really drawn, framework traps included. `truncatedNormal.stddev` is the parameter before
 * truncation at ±2 stddev (the drawn standard deviation is 0.8796 times that). `orthogonal` has singular values `gain` on the
 * flattened (rows = all axes but the last, columns = last) matrix; `values` are given element by element.
 */
export type Law =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly stddev: number }
  | { readonly kind: 'truncatedNormal'; readonly mean: number; readonly stddev: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'identity'; readonly gain: number }
  | { readonly kind: 'values'; readonly values: readonly number[] };

/** The frameworks an initializer can be spelled for. */
type SpellingTarget = Semantics;

/** One row of the initializer catalogue; one file each in this folder. */
export interface InitializerKind {
  readonly id: string;
  /** Every class or function name that means it, over all frameworks (`HeNormal`, `he_normal`, `heNormal`, `kaiming_normal_`). */
  readonly names: readonly string[];
  /** Parameter defaults as each framework has them (traps included: TF.js reads an explicit 0 as absent). */
  readonly params: (
    written: Readonly<Record<string, unknown>>,
    semantics: Semantics,
  ) => Readonly<Record<string, number | string>>;
  /** What is drawn for a weight of these fans under this semantics. Formula sources in the row's file. */
  readonly law: (
    params: Readonly<Record<string, number | string>>,
    fans: WeightFans,
    semantics: Semantics,
  ) => Law;
  /** Serialized form in a config of that framework: `{class_name, config}` parts; undefined when it has no legal spelling. */
  readonly serialize: (
    params: Readonly<Record<string, number | string>>,
    target: SpellingTarget,
  ) =>
    | { readonly className: string; readonly config: Readonly<Record<string, number | string | null>> }
    | undefined;
  /** Why what is written is not what this framework draws, in one line; undefined when it is. */
  readonly trap?: (written: Readonly<Record<string, unknown>>, semantics: Semantics) => string | undefined;
  /** For the variance-scaling family: the variance is `scale` / fan, and the shape that is meant. */
  readonly scaled?: (params: Readonly<Record<string, number | string>>) => {
    readonly scale: number;
    readonly mode: 'fanIn' | 'fanOut' | 'fanAvg';
    readonly distribution: string;
  };
}
