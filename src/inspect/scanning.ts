import { formatNumber } from '../model/numberText.ts';
import { InputError } from '../model/problem.ts';
import type { ProbeOptimizer } from '../model/probe.ts';
import type { CoordinateRun, Scan } from '../model/scan.ts';
import type { ModelSpec } from '../model/spec.ts';
import { planFor } from './inspectModel.ts';
import type { Inspection } from './inspectModel.ts';
import { nominalSeconds } from './plan.ts';
import { reproduceCommand, shellWord } from './reproduce.ts';
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

/** What a scan of one model takes, its work counted as growing with the square of the width. */
export function scanCost({ parts, spec, ...more }: Inspection, choices: ScanChoices): ScanCost {
  const { factors, seeds, steps } = settled(choices);
  const { batch, backend } = planFor({ parts, spec, ...more }, 'fresh');
  const { parameters, multiplyAdds, values, kept } = sampleWork(spec);
  const seconds = factors.reduce((sum, factor) => {
    const work = {
      parameters: parameters * factor ** 2,
      multiplyAdds: multiplyAdds * factor ** 2,
      ...{ values: values * factor, kept: kept * factor },
    };
    return sum + seeds.length * (steps + 1) * nominalSeconds(work, batch, backend);
  }, 0);
  return { model: spec.name, widths: factors.length, seeds: seeds.length, steps, seconds };
}

function reproduce(inspection: Inspection, widths: Widths, { factors, ...how }: Settled): string {
  const { request, spec } = inspection;
  const plan = planFor(inspection, 'fresh');
  const words = ['--width', factors.join(',')];
  if (/^[\w, ]+$/.test(widths.parameter) && !widths.parameter.includes(' of '))
    words.push('--param-name', widths.parameter.replaceAll(' ', ''));
  words.push('--optimizer', how.optimizer, '--rate', String(how.rate), '--steps', String(how.steps));
  words.push('--seeds', String(how.seeds.length));
  const { seeds: _seeds, ...rest } = request;
  const command = reproduceCommand(rest, spec.id, plan).replace('initscope inspect', 'initscope scan');
  return [command, ...words.map(shellWord)].join(' ');
}

/** The steps of a model at one width; rejects with an InputError where it does not fit, or is not the same model. */
async function atWidth(
  inspection: Inspection,
  wide: ModelSpec | undefined,
  factor: number,
  parameter: string,
  how: Settled,
  onStep: (done: number) => void,
): Promise<{ readonly spec: ModelSpec; readonly runs: readonly CoordinateRun[] }> {
  const { parts, spec, request, signal } = inspection;
  if (wide === undefined || !isWidened(spec, wide, factor))
    throw new InputError({
      message: `${parameter} × ${factor} does not make ${spec.name} wider or narrower: its layers are not the same, none of them changes, or only the output does`,
      range: spec.origin.range,
    });
  const { batch, backend } = planFor(inspection, 'fresh');
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

/** Runs one after the other, or side by side. */
async function eachFactor<T>(
  factors: readonly number[],
  together: boolean,
  act: (factor: number) => Promise<T>,
): Promise<readonly T[]> {
  if (together) return Promise.all(factors.map(act));
  const results: T[] = [];
  for (const factor of factors) results.push(await act(factor));
  return results;
}

/** The coordinate check of one model (Yang et al., Tensor Programs V, appendix D.1). Throws an InputError for bad input. */
export async function scanModel(inspection: Inspection, choices: ScanChoices, widths: Widths): Promise<Scan> {
  const { parts, request, spec, onProgress } = inspection;
  const started = parts.now();
  const how = settled(choices);
  const { factors, optimizer, rate, steps, seeds } = how;
  const cost = scanCost(inspection, choices);
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
  const measured = await eachFactor(factors, together, async (factor) => {
    const wide = (await widths.at(factor)).get(spec.id);
    return atWidth(inspection, wide, factor, widths.parameter, how, (done) => {
      doneAt.set(factor, done);
      report(factor, {});
    });
  });
  const shapes = measured.map(({ spec: { inputs, outputs } }) =>
    [inputs, outputs].map((ends) => ends.map(({ shape }) => shape)),
  );
  const sameInputs = shapes.every(([inputs]) => JSON.stringify(inputs) === JSON.stringify(shapes[0]?.[0]));
  const tensors = scannedTensors(
    factors,
    measured.map(({ runs }) => runs),
  );
  return {
    file: request.path,
    modelId: spec.id,
    model: spec.name,
    framework: spec.framework,
    plan: planFor(inspection, 'fresh'),
    parameter: widths.parameter,
    factors,
    widths: factors.map((factor) => widths.label(factor)),
    parameters: measured.map(({ spec: { parameters } }) => parameters.total),
    ...{ optimizer, rate, steps, seeds },
    run: { elapsedMs: parts.now() - started, machine: parts.machine },
    reproduce: reproduce(inspection, widths, how),
    tensors,
    verdict: scanVerdict(tensors),
    notes: sameInputs ? [] : ['the input grows with the width'],
  };
}
