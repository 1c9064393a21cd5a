import type { Change, EditResult } from './change.ts';
import type { Origin } from './origin.ts';
import type { Semantics } from './semantics.ts';

/** `hint` and `information` never set the exit code. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A number that proves a finding, with its interval over seeds and the band it must stay in. */
export interface ProofValue {
  readonly name: string;
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
  /** Healthy band; null = open on that side. */
  readonly band: readonly [number | null, number | null];
  /** `ratio`, `share`, `nat`, `rms`, `` … */
  readonly unit: string;
}

/** What a rule says about a model, on the layer that causes it. */
export interface Finding {
  /** rule + layer: stable over runs (SARIF fingerprints, baselines). */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  /** Id of the causing layer. */
  readonly layer: string;
  /** All layers that share the cause (a run of equal initializers), the causing one first. */
  readonly layers: readonly string[];
  readonly origin: Origin;
  readonly message: string;
  /** What causes it, in one sentence that names initializer, fan-in and gain. */
  readonly cause: string;
  readonly values: readonly ProofValue[];
  /** Downstream damage: layer and what it shows. */
  readonly echoes: readonly { readonly layer: string; readonly rule: string; readonly message: string }[];
  readonly from: 'measured' | 'predicted' | 'static';
  readonly advice: readonly Advice[];
  /** Sets of changes that were measured against it; with no advice, none of them helped. */
  readonly tried?: number;
}

/** The metrics by which a candidate is judged, before and after. */
export interface AdviceOutcome {
  /** Largest |ln(rms ratio)| over the trunk, forward and backward. */
  readonly drift: number;
  readonly signalRatio: number;
  readonly gradientRatio: number;
  readonly dead: number;
  readonly saturated: number;
  readonly initialLoss: number;
  /** Rules still firing on the model. */
  readonly findings: readonly string[];
}

/** A repair that was measured to help (or, for static findings, predicted: `proof`). */
export interface Advice {
  readonly title: string;
  readonly changes: readonly Change[];
  /** The text edits, or why there are none. Absent until a reader has been asked. */
  readonly edit?: EditResult;
  readonly snippet: Readonly<Record<Semantics, string>>;
  readonly proof: 'measured' | 'predicted';
  readonly before: AdviceOutcome;
  readonly after: AdviceOutcome;
  readonly preferred: boolean;
  /** Index of its profile in the report's `repairs`; absent where nothing was measured with it. */
  readonly repair?: number;
  /** Set where the file carries weights: they stay, only models built anew change. */
  readonly caveat?: string;
}
