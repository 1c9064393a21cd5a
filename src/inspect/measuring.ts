import type { Change } from '../model/change.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Measurer, Progress } from '../model/measurer.ts';
import type { Plan } from '../model/plan.ts';
import type { ModelSpec } from '../model/spec.ts';
import { effectiveChanges, measurementKey } from './specKey.ts';

/** Measurements that are kept, most recently used last. */
const KEPT = 12;

type Measure = (
  spec: ModelSpec,
  changes: readonly Change[],
  plan: Plan,
  seeds: readonly number[],
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
) => Promise<Measurement>;

/** Measures seeds once: what was measured for the same model, changes and plan is given again. */
export interface Measuring {
  readonly measure: Measure;
  /** The same without singular values of kernels, unless a measurement that has them is there to be extended; of changed models nobody takes them. */
  readonly withoutSpectra: { readonly measure: Measure };
}

function withSeeds(measurement: Measurement, seeds: readonly number[]): Measurement {
  const bySeed = new Map(measurement.seeds.map((each) => [each.seed, each]));
  const wanted = seeds.flatMap((seed) => bySeed.get(seed) ?? []);
  return { ...measurement, seeds: wanted };
}

function merged(before: Measurement | undefined, after: Measurement): Measurement {
  if (before === undefined) return after;
  const seeds = [...before.seeds, ...after.seeds].sort((a, b) => a.seed - b.seed);
  return { ...before, seeds };
}

/** A measurer that remembers, for looks that extend one another, for twin and advice, and for the next edit of a file. */
export function createMeasuring(measurer: Measurer, version: string): Measuring {
  const known = new Map<string, Measurement>();
  const measureWith =
    (wanted: boolean): Measure =>
    async (spec, asked, plan, seeds, signal, onProgress) => {
      const changes = effectiveChanges(spec, asked);
      const whole = measurementKey(spec, changes, plan, version);
      const spectra = wanted || changes.length > 0 || known.has(whole);
      const key = spectra ? whole : `${whole} without spectra`;
      const before = known.get(key);
      const have = new Set(before?.seeds.map(({ seed }) => seed));
      const missing = seeds.filter((seed) => !have.has(seed));
      let all = before;
      if (all === undefined || missing.length > 0)
        all = merged(
          before,
          await measurer.measure(
            { spec, changes, plan, seeds: missing, ...(spectra ? {} : { spectra }) },
            signal,
            onProgress,
          ),
        );
      known.delete(key);
      known.set(key, all);
      for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - KEPT))) known.delete(oldest);
      return withSeeds(all, seeds);
    };
  return { measure: measureWith(true), withoutSpectra: { measure: measureWith(false) } };
}
