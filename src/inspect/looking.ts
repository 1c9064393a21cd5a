import type { Change } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Plan } from '../model/plan.ts';
import type { Prediction } from '../model/prediction.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { ModelSpec } from '../model/spec.ts';
import { twinChanges } from '../advice/twin.ts';
import { FEWEST_SEEDS } from '../rules/interval.ts';
import { judge } from '../rules/judge.ts';
import type { Measuring } from './measuring.ts';
import type { InspectProgress } from './request.ts';

/** A model under inspection: what is known before anything is measured, and how to measure. */
export interface Subject {
  readonly spec: ModelSpec;
  readonly prediction: Prediction;
  readonly plan: Plan;
  readonly config: ProjectConfig;
  readonly measuring: Pick<Measuring, 'measure'>;
  /** Measurements that are worth making side by side, beyond the seeds of one; 1 when absent. */
  readonly atOnce?: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: InspectProgress) => void;
}

/** What the looks gave: findings, and the measurements they rest on, over the same seeds. */
export interface Looked {
  readonly findings: readonly Finding[];
  readonly measurement: Measurement;
  readonly twin?: Measurement;
  /** The changes that make the twin. */
  readonly twinChanges: readonly Change[];
  /** Seeds looked at, in order. */
  readonly seeds: readonly number[];
  /** Whether a value lies beyond its band by its mean, but too few seeds were run for any warning. */
  readonly tooFewSeeds: boolean;
}

/** Measures a variant of the subject, telling progress under the phase's name. */
export function measureVariant(
  subject: Subject,
  changes: readonly Change[],
  seeds: readonly number[],
  phase: InspectProgress['phase'],
): Promise<Measurement> {
  const { spec, plan, measuring, signal, onProgress } = subject;
  return measuring.measure(spec, changes, plan, seeds, signal, ({ done, total, layer }) => {
    onProgress({ phase, model: spec.id, done, total, ...(layer === undefined ? {} : { layer }) });
  });
}

/**
 * Measures and judges at the plan's looks, in seed order, until every verdict stands. The twin is measured only when a symptom
 * asks for it, with the same seeds.
 */
export async function look(subject: Subject): Promise<Looked> {
  const { spec, prediction, plan, config } = subject;
  const changes = twinChanges(spec);
  const facts = { spec, prediction, config, data: plan.inputLaw === 'data' };
  let twin: Measurement | undefined;
  let wantsTwin = false;
  const last = plan.looks.at(-1) ?? plan.seeds.length;
  for (const count of plan.looks.length > 0 ? plan.looks : [plan.seeds.length]) {
    const seeds = Array.from({ length: count }, (_, index) => (plan.seeds[0] ?? 1) + index);
    const measurement = await measureVariant(subject, [], seeds, 'measure');
    wantsTwin ||= judge({ ...facts, measurement }).wantsTwin;
    if (wantsTwin) twin = await measureVariant(subject, changes, seeds, 'twin');
    const verdict = judge({ ...facts, measurement, ...(twin === undefined ? {} : { twin }) });
    if (verdict.undecided && count !== last) continue;
    const { findings, undecided } = verdict;
    return {
      findings,
      measurement,
      ...(twin === undefined ? {} : { twin }),
      twinChanges: changes,
      seeds,
      tooFewSeeds: undecided && count < FEWEST_SEEDS,
    };
  }
  throw new RangeError('a plan needs at least one look');
}
