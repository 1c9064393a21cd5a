import { runProbe } from '../../src/engine/probe.ts';
import { makePlan } from '../../src/inspect/plan.ts';
import type { Change } from '../../src/model/change.ts';
import type { ProbeRun } from '../../src/model/probe.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { engine } from './inspectModel.ts';

/** The four step sizes (Adam) that both arms choose from, and how long they train. */
const RATES = [3e-4, 1e-3, 3e-3, 1e-2];
const STEPS = 60;
const SEEDS = [1, 2, 3, 4];
/** Student's t for four seeds, 0.975 quantile. */
const T = 3.182;
/** How much slower a start may be (rules.md: slower only if the paired interval excludes it). */
const ALLOWED = 1.1;

/** How training starts after a set of changes compared with before: ratio of the mean loss over the steps, with its paired interval. */
export interface Started {
  readonly ratio: number;
  readonly lo: number;
  readonly hi: number;
  readonly slower: boolean;
}

/** Mean training loss over the steps; a step counts at most twice what a model without information costs, as does one never reached. */
function meanLoss({ losses }: ProbeRun, uninformed: number): number {
  const most = 2 * uninformed;
  let sum = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const loss = losses[step] ?? NaN;
    sum += Number.isFinite(loss) ? Math.min(loss, most) : most;
  }
  return sum / STEPS;
}

/** Mean losses of the seeds, each with the step size that did best on the first seed. */
async function arm(spec: ModelSpec, changes: readonly Change[]): Promise<number[]> {
  const plan = makePlan(spec, { backend: 'wasm', why: 'calibration', start: 'fresh', batch: 32 });
  const backend = await engine();
  const train = (seeds: readonly number[], rates: readonly number[]) =>
    runProbe({ spec, changes, plan, optimizer: 'adam', rates, seeds, steps: STEPS }, { backend });
  const [first = 1, ...others] = SEEDS;
  const { tried, uninformed } = train([first], RATES);
  const means = tried.map((run) => meanLoss(run, uninformed));
  const best = means.indexOf(Math.min(...means));
  const rate = RATES[best] ?? NaN;
  const { runs } = train(others, [rate]);
  return [means[best] ?? NaN, ...runs.map((run) => meanLoss(run, uninformed))];
}

/**
 * Trains a model before and after changes from the same seeds on the same seeded task, each arm with the best of the same four
 * step sizes. Slower: the whole paired interval of the ratio lies above 1.1.
 */
export async function trainAfter(spec: ModelSpec, changes: readonly Change[]): Promise<Started> {
  const before = await arm(spec, []);
  const after = await arm(spec, changes);
  const logs = after.map((loss, seed) => Math.log(loss / (before[seed] ?? NaN)));
  const mean = logs.reduce((all, next) => all + next, 0) / logs.length;
  const square = logs.reduce((all, next) => all + (next - mean) ** 2, 0) / (logs.length - 1);
  const half = T * Math.sqrt(square / logs.length);
  const lo = Math.exp(mean - half);
  return { ratio: Math.exp(mean), lo, hi: Math.exp(mean + half), slower: lo > ALLOWED };
}
