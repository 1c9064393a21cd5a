import { formatNumber } from '../model/numberText.ts';
import { InputError } from '../model/problem.ts';
import type { Plan } from '../model/plan.ts';
import { HELD_OUT_BATCHES, PROBE_BATCHES, TRAINING_BATCHES } from '../model/probe.ts';
import type { Probe, ProbedStart, Prober, ProbeOptimizer, ProbeRun, ProbeRuns } from '../model/probe.ts';
import type { Inspection } from './inspectModel.ts';
import { planFor, studied } from './inspectModel.ts';
import { nominalSeconds } from './plan.ts';
import type { ProbeChoices, ProbeCost } from './request.ts';
import { startingPoints } from './startingPoints.ts';
import type { StartingPoint } from './startingPoints.ts';
import { sampleWork } from './workSize.ts';

/** Step sizes that every start may choose from, the same for all. */
const RATES: Readonly<Record<ProbeOptimizer, readonly number[]>> = {
  adam: [3e-4, 1e-3, 3e-3, 1e-2],
  sgd: [1e-2, 3e-2, 1e-1, 3e-1],
};
const OPTIMIZERS: readonly ProbeOptimizer[] = ['adam', 'sgd'];
const STEPS = 200;
const SEEDS = 3;
/** Steps over which a loss curve is smoothed. */
const WINDOW = 10;
/** A run that has not lost this share of what there is to lose is stuck. */
const STUCK = 0.05;

const TASK = `a seeded teacher of the model’s input and output shape, A·tanh(B·x), the same for every start; ${TRAINING_BATCHES} training batches, ${HELD_OUT_BATCHES} held out`;

function taskText({ data, batch }: Plan): string {
  if (data === undefined) return TASK;
  const rows = Math.min(data.rows ?? 0, PROBE_BATCHES * batch);
  const targets = data.labels === undefined ? 'a seeded teacher’s targets' : `the labels of ${data.labels}`;
  return `the first ${rows} rows of ${data.inputs.join(', ')} with ${targets}, up to a fifth held out`;
}

function chosenPoints(
  points: readonly StartingPoint[],
  asked: readonly string[] | undefined,
): StartingPoint[] {
  const wanted = new Set(['file', 'fitted', ...(asked ?? ['glorot-uniform', 'he-normal'])]);
  const unknown = (asked ?? []).find((id) => !points.some((point) => point.id === id));
  if (unknown !== undefined)
    throw new InputError({
      message: `there is no starting point ${unknown}`,
      expected: points.map(({ id }) => id).join(', '),
    });
  return points.filter(({ id }) => wanted.has(id));
}

/** First step at which the mean loss of the last ten is at or below a limit; undefined when never. */
export function stepsTo(losses: readonly number[], limit: number): number | undefined {
  let sum = 0;
  for (const [step, loss] of losses.entries()) {
    sum += loss - (step >= WINDOW ? (losses[step - WINDOW] ?? 0) : 0);
    const count = Math.min(step + 1, WINDOW);
    if (count === WINDOW && sum / count <= limit) return step + 1;
  }
  return undefined;
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Infinity);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function diverged({ losses, heldOut }: ProbeRun, uninformed: number): boolean {
  return !losses.every(Number.isFinite) || !(heldOut <= 2 * Math.max(uninformed, losses[0] ?? 0));
}

/** A start that was trained with one optimizer. */
interface Trained {
  readonly point: StartingPoint;
  readonly optimizer: ProbeOptimizer;
  readonly result: ProbeRuns;
}

/** What became of the trainings of one start, held to the best held-out loss and to the loss that is half-way there. */
export function judged({ point, optimizer, result }: Trained, best: number, half: number): ProbedStart {
  const { runs, uninformed } = result;
  const gone = runs.filter((run) => diverged(run, uninformed));
  const stuck = runs.filter(
    (run) => !gone.includes(run) && run.heldOut > uninformed - STUCK * (uninformed - best),
  );
  const reached = runs
    .filter((run) => !gone.includes(run) && !stuck.includes(run))
    .map(({ losses }) => stepsTo(losses, half))
    .filter((step) => step !== undefined);
  return {
    id: point.id,
    title: point.title,
    optimizer,
    result,
    stepsToHalf: 2 * reached.length > runs.length ? mean(reached) : null,
    heldOut: mean(runs.map(({ heldOut }) => heldOut)),
    diverged: gone.length / runs.length,
    stuck: stuck.length / runs.length,
  };
}

interface Planned {
  readonly prober: Prober;
  readonly points: readonly StartingPoint[];
  readonly plan: Plan;
  readonly trainings: number;
  readonly steps: number;
  readonly seeds: number;
}

function planned(inspection: Inspection, choices: ProbeChoices): Planned {
  const { parts, spec } = inspection;
  const prober = spec.executable ? parts.prober : parts.python;
  if (prober === undefined)
    throw new InputError({
      message: `the model ${spec.name} cannot be trained here`,
      range: spec.origin.range,
    });
  const { steps = STEPS, seeds = SEEDS } = choices;
  const points = chosenPoints(startingPoints(spec), choices.starts);
  const trainings = points.length * OPTIMIZERS.length * (RATES.adam.length + seeds - 1);
  return { prober, points, plan: planFor(inspection, 'fresh'), trainings, steps, seeds };
}

function costOf(
  { spec }: Inspection,
  { plan, trainings, steps }: Pick<Planned, 'plan' | 'trainings' | 'steps'>,
): ProbeCost {
  const seconds = trainings * steps * nominalSeconds(sampleWork(spec), plan.batch, plan.backend);
  return { model: spec.name, trainings, steps, seconds };
}

/** What `probeModel` would take; throws the same InputErrors. */
export function probeCost(inspection: Inspection, choices: ProbeChoices): ProbeCost {
  return costOf(inspection, planned(inspection, choices));
}

/** Trains every chosen start with both optimizers and judges them by what the best run of all reached; failing starts last. */
export async function probeModel(inspection: Inspection, choices: ProbeChoices): Promise<Probe> {
  const { parts, spec, signal, onProgress } = inspection;
  const { prober, points, plan, trainings, steps, seeds } = planned(inspection, choices);
  const started = parts.now();
  const { seconds } = costOf(inspection, { plan, trainings, steps });
  const note = `${trainings} trainings of ${steps} steps: about ${formatNumber(seconds, 2)} s of one thread`;
  const total = trainings * steps;
  const doneBy = new Map<string, number>();
  const report = (more: { note?: string }) => {
    const done = [...doneBy.values()].reduce((sum, value) => sum + value, 0);
    onProgress({ phase: 'probe', model: spec.id, done, total, ...more });
  };
  report({ note });
  const jobs = points.flatMap((point) => OPTIMIZERS.map((optimizer) => ({ point, optimizer })));
  const trained = await Promise.all(
    jobs.map(async ({ point, optimizer }): Promise<Trained> => {
      const result = await prober.probe(
        {
          ...{ spec, changes: point.changes, plan, optimizer, steps },
          rates: RATES[optimizer],
          seeds: Array.from({ length: seeds }, (_, index) => index + 1),
        },
        signal,
        ({ done }) => {
          doneBy.set(`${point.id} ${optimizer}`, done);
          report({});
        },
      );
      return { point, optimizer, result };
    }),
  );
  const uninformed = trained[0]?.result.uninformed ?? NaN;
  const all = trained.flatMap(({ result }) => [...result.tried, ...result.runs]);
  const best = Math.min(uninformed, ...all.map(({ heldOut }) => finite(heldOut)));
  const half = best + (uninformed - best) / 2;
  const never = Number.MAX_VALUE;
  const starts = trained
    .map((each) => judged(each, best, half))
    .sort(
      (a, b) =>
        Number(a.diverged + a.stuck > 0.5) - Number(b.diverged + b.stuck > 0.5) ||
        (a.stepsToHalf ?? never) - (b.stepsToHalf ?? never) ||
        finite(a.heldOut) - finite(b.heldOut),
    );
  return {
    ...studied(inspection, plan),
    steps,
    task: taskText(plan),
    half,
    run: { elapsedMs: parts.now() - started, machine: parts.machine },
    starts,
  };
}
