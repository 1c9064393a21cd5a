import { formatNumber } from '../model/numberText.ts';
import { InputError } from '../model/problem.ts';
import type { ProbeOptimizer } from '../model/probe.ts';
import type { CoordinateRun, Scan } from '../model/scan.ts';
import type { Plan } from '../model/plan.ts';
import type { ModelSpec } from '../model/spec.ts';
import { ahead } from './ahead.ts';
import { planFor, studied } from './inspectModel.ts';
import type { Inspection } from './inspectModel.ts';
import { nominalSeconds } from './plan.ts';
import { reproduceCommand } from './reproduce.ts';
import type { ScanChoices, ScanCost } from './request.ts';
import { scanVerdict } from './scanVerdict.ts';
import { scannedTensors } from './widthLaw.ts';
import { isWidened, type Widths } from './widths.ts';
import { sampleWork } from './workSize.ts';

/** Factors of the width when none are given. */
export const FACTORS: readonly number[] = [0.5, 1, 2, 4];
const STEPS = 3;
const SEEDS = 5;
/** Small enough that the first steps follow the laws of the first order, as a coordinate check wants. */
const RATES: Readonly<Record<ProbeOptimizer, number>> = { adam: 1e-3, sgd: 1e-2 };

interface Settled {
  readonly factors: readonly number[];
  readonly optimizer: ProbeOptimizer;
  readonly rate: number;
  readonly steps: number;
  readonly seeds: readonly number[];
}

function settled({
  factors = FACTORS,
  optimizer = 'adam',
  rate,
  steps = STEPS,
  seeds = SEEDS,
}: ScanChoices): Settled {
  return {
    factors: [...new Set(factors)].sort((a, b) => a - b),
    optimizer,
    rate: rate ?? RATES[optimizer],
    steps,
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
  };
}

/** Its work is counted as growing with the square of the width. */
function costAt(spec: ModelSpec, { batch, backend }: Plan, { factors, seeds, steps }: Settled): ScanCost {
  const { parameters, multiplyAdds, values, kept, scratch } = sampleWork(spec);
  const seconds = factors.reduce((sum, factor) => {
    const work = {
      parameters: parameters * factor ** 2,
      multiplyAdds: multiplyAdds * factor ** 2,
      ...{ values: values * factor, kept: kept * factor, scratch },
    };
    return sum + seeds.length * (steps + 1) * nominalSeconds(work, batch, backend);
  }, 0);
  return { model: spec.name, widths: factors.length, seeds: seeds.length, steps, seconds };
}

/** What a scan of one model takes. */
export function scanCost(inspection: Inspection, choices: ScanChoices): ScanCost {
  return costAt(inspection.spec, planFor(inspection, 'fresh'), settled(choices));
}

function reproduce(
  { request, spec }: Inspection,
  plan: Plan,
  { names }: Widths,
  { factors, optimizer, rate, steps, seeds }: Settled,
): string {
  const { seeds: _seeds, ...rest } = request;
  return reproduceCommand(rest, spec.id, plan, 'scan', [
    ...['--width', factors.join(',')],
    ...(names === undefined ? [] : ['--param-name', names.join(',')]),
    ...['--optimizer', optimizer, '--rate', String(rate), '--steps', String(steps)],
    ...['--seeds', String(seeds.length)],
  ]);
}

/** The steps of a model at one width; rejects with an InputError where it does not fit, or is not the same model. */
async function atWidth(
  inspection: Inspection,
  wide: ModelSpec | undefined,
  factor: number,
  parameter: string,
  how: Settled,
  { batch, backend }: Plan,
  onStep: (done: number) => void,
): Promise<{ readonly spec: ModelSpec; readonly runs: readonly CoordinateRun[] }> {
  const { parts, spec, request, signal } = inspection;
  if (wide === undefined || !isWidened(spec, wide, factor))
    throw new InputError({
      message: `${parameter} × ${factor} does not make ${spec.name} wider or narrower: its layers are not the same, none of them changes, or only the output does`,
      range: spec.origin.range,
    });
  const plan = planFor({ ...inspection, spec: wide, request: { ...request, batch, backend } }, 'fresh');
  const scanner = wide.executable ? parts.scanner : parts.python;
  if (scanner === undefined)
    throw new InputError({
      message: `the model ${spec.name} cannot be trained here`,
      range: spec.origin.range,
    });
  const { optimizer, rate, steps, seeds } = how;
  const runs = await scanner.coordinates(
    { spec: wide, plan, optimizer, rate, steps, seeds },
    signal,
    ({ done }) => onStep(done),
  );
  return { spec: wide, runs };
}

/** The coordinate check of one model (Yang et al., Tensor Programs V, appendix D.1). Throws an InputError for bad input. */
export async function scanModel(inspection: Inspection, choices: ScanChoices, widths: Widths): Promise<Scan> {
  const { parts, spec, onProgress } = inspection;
  const started = parts.now();
  const how = settled(choices);
  const { factors, optimizer, rate, steps, seeds } = how;
  const plan = planFor(inspection, 'fresh');
  const cost = costAt(spec, plan, how);
  const note = `${widths.parameter} at ${factors.length} widths, seeds: ${seeds.length}, steps: ${steps}: about ${formatNumber(cost.seconds, 2)} s of one thread`;
  const total = factors.length * seeds.length * steps;
  const doneAt = new Map<number, number>();
  const report = (factor: number | undefined, more: { note?: string }) => {
    const done = [...doneAt.values()].reduce((sum, value) => sum + value, 0);
    const layer = factor === undefined ? {} : { layer: `width ${widths.label(factor)}` };
    onProgress({ phase: 'probe', model: spec.id, done, total, ...layer, ...more });
  };
  report(undefined, { note });
  const together = spec.executable || (widths.apart && (parts.python?.slots ?? 1) > 1);
  const next = ahead(factors, together ? factors.length : 1, async (factor) => {
    const wide = (await widths.at(factor)).get(spec.id);
    return atWidth(inspection, wide, factor, widths.parameter, how, plan, (done) => {
      doneAt.set(factor, done);
      report(factor, {});
    });
  });
  const measured: Awaited<ReturnType<typeof atWidth>>[] = [];
  while (measured.length < factors.length) measured.push(await next());
  const inputs = measured.map(({ spec: wide }) => JSON.stringify(wide.inputs.map(({ shape }) => shape)));
  const sameInputs = inputs.every((shapes) => shapes === inputs[0]);
  const tensors = scannedTensors(
    factors,
    measured.map(({ runs }) => runs),
  );
  return {
    ...studied(inspection, plan),
    parameter: widths.parameter,
    factors,
    widths: factors.map((factor) => widths.label(factor)),
    parameters: measured.map(({ spec: { parameters } }) => parameters.total),
    ...{ optimizer, rate, steps, seeds },
    run: { elapsedMs: parts.now() - started, machine: parts.machine },
    reproduce: reproduce(inspection, plan, widths, how),
    tensors,
    verdict: scanVerdict(tensors),
    notes: sameInputs ? [] : ['the input grows with the width'],
  };
}
