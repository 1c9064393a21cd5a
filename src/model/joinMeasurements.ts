import type { Measurement } from './measurement.ts';

/** One measurement from those of its seeds, in the request's seed order. */
export function joinMeasurements(parts: readonly Measurement[]): Measurement {
  const reasons = new Map(
    parts.flatMap(({ notMeasured }) => notMeasured.map((entry) => [entry.layer, entry])),
  );
  return {
    ...parts[0]!,
    seeds: parts.flatMap(({ seeds }) => seeds),
    notMeasured: [...reasons.values()],
  };
}
