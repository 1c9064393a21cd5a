import { formatCount, formatNumber } from '../model/numberText.ts';
import type { Backend, DataSource, Plan, Start } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { formatShape } from '../model/shape.ts';
import type { ModelSpec } from '../model/spec.ts';
import { type BatchRule, batchRule } from './batchRule.ts';
import { inputShapes, sampleWork, workSize } from './workSize.ts';
import type { SampleWork } from './workSize.ts';

interface Nominal {
  /** Multiply-adds per second. */
  readonly perSecond: number;
  /** Seconds per kept value, for statistics and elementwise work. */
  readonly perValue: number;
  /** Seconds from nothing to the first pass. */
  readonly startup: number;
}

/**
 * A nominal machine, one thread, as `npm run bench -- constants` measured it on 2026-11-22 (docs/performance.md); cpu is the last resort, so that tiny models run where others do.
 * Only these constants and counted work decide a plan, so that the same file gets the same plan everywhere.
 */
const NOMINAL: Readonly<Record<Backend, Nominal>> = {
  tensorflow: { perSecond: 3.3e10, perValue: 2.3e-8, startup: 1 },
  wasm: { perSecond: 2e10, perValue: 1e-8, startup: 0.2 },
  cpu: { perSecond: 4.4e7, perValue: 1e-8, startup: 0.35 },
  python: { perSecond: 3e10, perValue: 1e-8, startup: 3 },
};

/** Memory that one measurement may take: the wasm heap ends at 4 GiB; weights exist twice (value, gradient). */
const MEMORY_LIMIT: Readonly<Record<Backend, number>> = {
  tensorflow: 8e9,
  wasm: 3.6e9,
  cpu: 3e9,
  python: 8e9,
};

const DEFAULT_BUDGET = 60;
const SEEDS = 5;
const LOOKS = [5, 10, 20];

/** A seed of more nominal seconds takes fewer samples than are wanted, as long as scales, gradients and losses have enough. */
const QUICK_SECONDS = 0.25;

/** Where memory allows no more, this many samples still give scales and gradients; shares over units come from positions. */
const LEAST_BATCH = 2;

/** A measurement may take this many budgets at its smallest batch before it is refused. */
const OVERRUN = 20;

/** What a plan is made from, besides the model. */
interface PlanChoices {
  readonly backend: Backend;
  readonly why: string;
  readonly seeds?: number;
  readonly batch?: number;
  readonly budgetSeconds?: number;
  readonly start: Start;
  readonly data?: DataSource;
}

/** Nominal seconds of one seed, forward and backward (three times the forward work). */
export function nominalSeconds(work: SampleWork, batch: number, backend: Backend): number {
  const { perSecond, perValue } = NOMINAL[backend];
  return (
    (3 * work.multiplyAdds * batch) / perSecond +
    work.values * batch * perValue +
    work.parameters * perValue +
    0.005
  );
}

function memory({ parameters, kept, scratch }: SampleWork, batch: number): number {
  return 4 * (2 * parameters + 2 * kept * batch) + scratch;
}

/** A backend, and one sentence that says why. */
interface BackendChoice {
  readonly backend: Backend;
  readonly why: string;
}

/** The backend that needs the least nominal time for the model, from start to the last seed of the first look, of those that are installed. */
export function fastestBackend(
  spec: ModelSpec,
  backends: readonly Backend[],
  asked: Pick<PlanChoices, 'seeds' | 'batch'>,
): BackendChoice | undefined {
  const work = sampleWork(spec);
  const batch = asked.batch ?? batchRule(spec, true).wanted;
  const times = backends.map((backend) => ({
    backend,
    seconds: NOMINAL[backend].startup + (asked.seeds ?? SEEDS) * nominalSeconds(work, batch, backend),
  }));
  const [best, next] = times.sort((a, b) => a.seconds - b.seconds);
  if (best === undefined) return undefined;
  const than = next === undefined ? '' : `, ${next.backend} ${formatNumber(next.seconds)} s`;
  return {
    backend: best.backend,
    why: `${best.backend}: about ${formatNumber(best.seconds)} s by counted work${than}`,
  };
}

function refuse(spec: ModelSpec, work: SampleWork, batch: number, need: number, limit: number): never {
  const gib = (bytes: number) => `${formatNumber(bytes / 2 ** 30)} GiB`;
  const largest = spec.nodes
    .flatMap(({ layer, outputs }) => outputs.map((shape) => ({ layer, shape })))
    .sort((a, b) => elements(b.shape) - elements(a.shape))[0];
  const where =
    largest === undefined ? '' : `; its largest output is ${formatShape(largest.shape)} of ${largest.layer}`;
  throw new InputError({
    message: `the model ${spec.name} is too large to be measured`,
    found: `${formatCount(work.parameters)} parameters, ${gib(need)} at batch ${batch}${where}`,
    expected: `at most ${gib(limit)}`,
    hint: 'inspect a narrower version or smaller inputs (--input-shape), or use --predict-only',
    range: spec.origin.range,
    file: spec.origin.file,
  });
}

function refuseSlow(spec: ModelSpec, seconds: number, batch: number, budget: number): never {
  throw new InputError({
    message: `the model ${spec.name} would take too long`,
    found: `about ${formatNumber(seconds / 60)} minutes at batch ${batch}`,
    expected: `at most ${OVERRUN} times the budget of ${formatNumber(budget)} s`,
    hint: 'raise it with --budget SECONDS, lower --seeds or --input-shape, or use --predict-only',
    range: spec.origin.range,
    file: spec.origin.file,
  });
}

function elements(shape: readonly (number | null)[]): number {
  return shape.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);
}

function chooseBatch(work: SampleWork, rule: BatchRule, choices: PlanChoices, seconds: number): number {
  const { backend } = choices;
  if (choices.batch !== undefined) return choices.batch;
  const fits = (batch: number) =>
    nominalSeconds(work, batch, backend) <= seconds && memory(work, batch) <= MEMORY_LIMIT[backend];
  let batch = rule.wanted;
  while (batch > rule.quick && nominalSeconds(work, batch, backend) > QUICK_SECONDS)
    batch = Math.max(rule.quick, batch / 2);
  while (batch > rule.floor && !fits(batch)) batch = Math.max(rule.floor, batch / 2);
  while (batch > LEAST_BATCH && memory(work, batch) > MEMORY_LIMIT[backend])
    batch = Math.max(LEAST_BATCH, Math.floor(batch / 2));
  return batch;
}

/**
 * The plan of a measurement, from counted work against the constants above. Refuses by an InputError, from the estimate and
 * before any memory is taken, what does not fit. `kernels` is what the backend reports once it runs.
 */
export function makePlan(spec: ModelSpec, choices: PlanChoices): Plan {
  const work = sampleWork(spec);
  const { backend } = choices;
  const rule = batchRule(spec, choices.data === undefined && backend !== 'python');
  const budget = choices.budgetSeconds ?? DEFAULT_BUDGET;
  const seedCount = choices.seeds ?? SEEDS;
  const { data } = choices;
  const batch = Math.min(chooseBatch(work, rule, choices, budget / seedCount), data?.rows ?? Infinity);
  const need = memory(work, batch);
  if (!(need <= MEMORY_LIMIT[backend])) refuse(spec, work, batch, need, MEMORY_LIMIT[backend]);
  const perSeed = nominalSeconds(work, batch, backend);
  if (perSeed * seedCount > budget * OVERRUN) refuseSlow(spec, perSeed * seedCount, batch, budget);
  const looks =
    choices.seeds === undefined ? LOOKS.filter((n) => n === SEEDS || n * perSeed <= budget) : [seedCount];
  const why = [
    choices.why,
    choices.batch === undefined
      ? batch < rule.wanted
        ? `batch ${batch} instead of ${rule.wanted}: ${formatNumber(work.multiplyAdds)} multiply-adds a sample${batch < rule.quick ? ` against a budget of ${formatNumber(budget)} s` : '; shares over units that lack samples take more, forward only'}`
        : rule.why
      : `batch ${batch}: as asked`,
    choices.seeds === undefined
      ? `${SEEDS} seeds${looks.length > 1 ? `, up to ${looks.at(-1) ?? SEEDS} while a verdict is open` : ''}`
      : `${seedCount} seeds: as asked`,
    ...(seedCount < 4 ? ['fewer than 4 seeds: no interval is narrow enough for a warning'] : []),
    ...(data === undefined
      ? []
      : [
          `your data: the first ${batch} of ${data.rows ?? batch} rows of ${data.inputs.join(', ')}${data.labels === undefined ? '' : `, labels of ${data.labels}`}`,
        ]),
    ...spec.inputs.flatMap(({ assumed }) => (assumed === undefined ? [] : [assumed])),
  ];
  const ids = spec.inputs.flatMap(({ name, values }) => (values === 'ids' ? [name] : []));
  return {
    backend,
    kernels: 'auto',
    batch,
    seeds: Array.from({ length: seedCount }, (_, index) => index + 1),
    looks,
    inputs: inputShapes(spec, batch),
    inputLaw: data === undefined ? 'normal' : 'data',
    ...(ids.length === 0 ? {} : { ids }),
    ...(data === undefined ? {} : { data }),
    start: choices.start,
    size: workSize(work, batch),
    why,
  };
}
