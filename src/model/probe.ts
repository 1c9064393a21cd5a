import type { Change } from './change.ts';
import type { Progress } from './measurer.ts';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import type { ModelSpec } from './spec.ts';

/** Batches of a probe's training set. */
export const TRAINING_BATCHES = 16;
/** Batches of a probe's held-out samples. */
export const HELD_OUT_BATCHES = 4;
/** Batches that a probe takes of the user's data at most: as many as the teacher's. */
export const PROBE_BATCHES = TRAINING_BATCHES + HELD_OUT_BATCHES;

/** The optimizers a probe trains with. */
export type ProbeOptimizer = 'adam' | 'sgd';

/** Short trainings of one starting point with one optimizer: every rate on the first seed, the best of them on the others. */
export interface ProbeRequest {
  readonly spec: ModelSpec;
  readonly changes: readonly Change[];
  readonly plan: Plan;
  readonly optimizer: ProbeOptimizer;
  readonly rates: readonly number[];
  readonly seeds: readonly number[];
  readonly steps: number;
}

/** One training: the loss of every step's batch before the step, and of held-out samples at the end. */
export interface ProbeRun {
  readonly seed: number;
  readonly rate: number;
  readonly losses: readonly number[];
  readonly heldOut: number;
}

/** Two solutions of the same task from two seeds. */
export interface SolutionPair {
  readonly seeds: readonly [number, number];
  /** Share of held-out samples whose decision differs, or rms difference over rms of the outputs (regression). */
  readonly disagreement: number;
  /** ‖W₁ − W₂‖ over the root mean square of both norms: √2 for independent directions, 0 for the same weights. */
  readonly distance: number;
  /** Largest held-out loss on the straight line between both, less the mean of both ends. */
  readonly barrier: number;
}

/** What the trainings of one request gave. */
export interface ProbeRuns {
  /** The rate with the lowest held-out loss on the first seed. */
  readonly rate: number;
  /** Every rate on the first seed, in the order of the rates. */
  readonly tried: readonly ProbeRun[];
  /** The chosen rate on every seed, in order. */
  readonly runs: readonly ProbeRun[];
  readonly pairs: readonly SolutionPair[];
  /** Loss of a model without information on the held-out samples. */
  readonly uninformed: number;
}

/** Runs short trainings. Rejects with an InputError, an AbortError or a fault of ours. */
export interface Prober {
  probe(
    request: ProbeRequest,
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<ProbeRuns>;
}

/** A starting point with one optimizer, judged beside the others of its model. */
export interface ProbedStart {
  readonly id: string;
  readonly title: string;
  readonly optimizer: ProbeOptimizer;
  readonly result: ProbeRuns;
  /** Mean over seeds of the steps until the smoothed loss has lost half of what there is to lose; null: never, on most seeds. */
  readonly stepsToHalf: number | null;
  readonly heldOut: number;
  readonly diverged: number;
  readonly stuck: number;
}

/** Short trainings of one model from several starting points. */
export interface Probe {
  readonly file: string;
  readonly modelId: string;
  readonly model: string;
  readonly framework: string;
  readonly plan: Plan;
  readonly steps: number;
  readonly task: string;
  /** The loss half-way from uninformed to the best that any run reached. */
  readonly half: number;
  readonly run: { readonly elapsedMs: number; readonly machine: string };
  readonly starts: readonly ProbedStart[];
}

/** The result of probing the models of one file. */
export interface ProbeSet {
  readonly probes: readonly Probe[];
  readonly errors: readonly Problem[];
  readonly lineStarts: Readonly<Record<string, readonly number[]>>;
}
