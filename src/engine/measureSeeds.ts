import { applyChanges } from '../model/applyChanges.ts';
import type { Measurement, SeedMeasurement } from '../model/measurement.ts';
import type { MeasureRequest, Progress } from '../model/measurer.ts';
import { InputError } from '../model/problem.ts';
import type { EngineBackend } from './backends.ts';
import type { InputData } from './inputs.ts';
import { measureSeed } from './measureSeed.ts';
import type { TargetData } from './targets.ts';
import type { Statistics } from './statistics.ts';
import type { SavedValues } from './weights.ts';

/** What the host brings to a measurement. */
export interface MeasureHooks {
  readonly backend: EngineBackend;
  readonly data?: InputData;
  /** The user's labels; an output without any takes random ones. */
  readonly targets?: TargetData;
  readonly saved?: SavedValues;
  /** Asked as each layer starts; true ends the measurement with an AbortError. */
  readonly cancelled?: () => boolean;
  readonly onProgress?: (progress: Progress) => void;
}

/** Multiply-adds that spectra may take: a few hundredths of a second beside a fresh start's many seeds, a second for weights that are judged as they are. */
const SPECTRA_WORK = { fresh: 1e7, saved: 1e9 } as const;

/** The version of this engine's numbers: changes whenever the same request would give other ones. */
export const ENGINE_VERSION = '5';

/**
 * Measures the request's seeds one after the other on an open backend. Seeds are independent: any split over workers gives the same
 * numbers. Rejects with an InputError (bad model), an AbortError (cancelled) or a fault of ours; no tensor is left either way.
 */
export async function measureSeeds(request: MeasureRequest, hooks: MeasureHooks): Promise<Measurement> {
  const { backend, onProgress, cancelled } = hooks;
  if (request.plan.inputLaw === 'data' && hooks.data === undefined)
    throw new InputError({ message: 'The plan asks for your data, and none was read.' });
  const spec = applyChanges(request.spec, request.changes);
  const left = new Map<string, string>();
  const seeds: SeedMeasurement[] = [];
  const total = request.seeds.length;
  const view = (tensor: Parameters<EngineBackend['view']>[0]) => backend.view(tensor);
  const check = (): void => {
    if (cancelled?.() === true) throw new DOMException('The measurement was cancelled.', 'AbortError');
  };
  const checked: Statistics = {
    ...backend.statistics,
    reduce: (...args) => {
      check();
      return backend.statistics.reduce(...args);
    },
  };
  const tools = {
    statistics: checked,
    generator: backend.generator,
    view,
    ...(hooks.data === undefined ? {} : { data: hooks.data }),
    ...(hooks.targets === undefined ? {} : { targets: hooks.targets }),
    ...(hooks.saved === undefined || request.plan.start === 'fresh' ? {} : { saved: hooks.saved }),
    spectraWork: (seed: number) =>
      request.spectra !== false && request.changes.length === 0 && seed === request.plan.seeds[0]
        ? SPECTRA_WORK[request.plan.start]
        : 0,
    enter: (layer: string): void => {
      check();
      onProgress?.({ done: seeds.length, total, layer });
    },
  };
  for (const seed of request.seeds) {
    seeds.push(measureSeed(spec, request.plan, seed, tools, left));
    onProgress?.({ done: seeds.length, total });
    await Promise.resolve();
  }
  return {
    version: 1,
    engine: {
      name: 'initscope',
      version: ENGINE_VERSION,
      backend: backend.name,
      kernels: backend.kernels,
    },
    modelId: request.spec.id,
    start: request.plan.start,
    batch: request.plan.batch,
    seeds,
    notMeasured: [...left].map(([layer, reason]) => ({ layer, reason })),
  };
}
