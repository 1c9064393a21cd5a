import type {
  LossStats,
  Measurement,
  SeedMeasurement,
  TapStats,
  TensorStats,
  UnitStats,
  WeightStats,
} from '../../src/model/measurement.ts';

/** Statistics of a tensor of this rms; the rest plain. */
export function stats(rms: number, more: Partial<TensorStats> = {}): TensorStats {
  return {
    count: 1000,
    mean: 0,
    std: rms,
    rms,
    min: -3 * rms,
    max: 3 * rms,
    zeros: 0,
    nonFinite: 0,
    percentiles: [-2 * rms, -1.6 * rms, 0, 1.6 * rms, 2 * rms],
    histogram: { low: -rms, high: rms, counts: [1] },
    ...more,
  };
}

/** Statistics over units, healthy unless said. */
export function units(more: Partial<UnitStats> = {}): UnitStats {
  return {
    units: 64,
    samples: 128,
    dead: 0,
    alwaysOn: 0,
    constant: 0,
    duplicated: 0,
    stdOverData: 1,
    meanAbs: 0,
    cosine: 0.3,
    ...more,
  };
}

/** A tap of a node; `value` and `units` may be given whole. */
export interface TestTap {
  readonly node: string;
  readonly quantity?: TapStats['quantity'];
  readonly name?: string;
  readonly rms?: number;
  readonly value?: Partial<TensorStats>;
  readonly units?: Partial<UnitStats>;
  readonly gradientNorm?: number;
  readonly gradient?: Partial<TensorStats>;
  readonly inputRms?: number;
}

/** A weight as it was drawn. */
export interface TestWeightStats {
  readonly layer: string;
  readonly weight?: string;
  readonly rms: number;
  readonly mean?: number;
  readonly distinctUnits?: number;
  readonly fingerprint?: string;
}

/** One seed's taps, weights and losses; `jitter` multiplies its scales. */
export interface TestSeed {
  readonly taps: readonly TestTap[];
  readonly weights?: readonly TestWeightStats[];
  readonly losses?: readonly Partial<LossStats>[];
}

const LOSS: LossStats = {
  output: 'out',
  loss: 'categorical_crossentropy',
  value: 2.5,
  uninformed: 2.303,
  logitStd: 1,
  priorExcess: 0,
};

function seedOf(seed: number, { taps, weights = [], losses = [{}] }: TestSeed): SeedMeasurement {
  return {
    seed,
    taps: taps.map((tap): TapStats => {
      const rms = tap.rms ?? 1;
      return {
        node: tap.node,
        layer: tap.node,
        quantity: tap.quantity ?? 'activation',
        ...(tap.name === undefined ? {} : { name: tap.name }),
        value: stats(rms, tap.value),
        units: units({ stdOverData: rms, ...tap.units }),
        gradientNorm: tap.gradientNorm ?? 1,
        gradient: stats(1, tap.gradient),
        inputRms: tap.inputRms ?? 1,
      };
    }),
    weights: weights.map((weight, index): WeightStats => ({
      layer: weight.layer,
      weight: weight.weight ?? 'kernel',
      value: stats(weight.rms, {
        mean: weight.mean ?? 0,
        std: weight.distinctUnits === undefined ? weight.rms : 0,
      }),
      distinctUnits: weight.distinctUnits ?? 1,
      fingerprint: weight.fingerprint ?? `${seed}-${index}`,
    })),
    losses: losses.map((loss) => ({ ...LOSS, ...loss })),
  };
}

/** A measurement of five seeds that vary by two per cent around the seed given. */
export function measurement(build: (jitter: number) => TestSeed, seeds = 5): Measurement {
  return {
    version: 1,
    engine: { name: 'test', version: '1', backend: 'cpu', kernels: 'stock' },
    modelId: 'model',
    start: 'fresh',
    batch: 128,
    seeds: Array.from({ length: seeds }, (_, index) =>
      seedOf(index + 1, build(1 + 0.02 * (index - (seeds - 1) / 2))),
    ),
    notMeasured: [],
  };
}
