import type { Arriving, LayerLaw, LawInput } from '../law.ts';
import { size } from '../law.ts';
import type { Shape } from '../../model/shape.ts';
import { mixProfiles } from '../profiles.ts';
import { paired, scaled, sum, type Signal } from '../signal.ts';

const count = (shape: Shape | undefined): number =>
  (shape ?? []).slice(1).reduce<number>((all, next) => all * size(next), 1);

/** Inputs that are the same tensor count once, with the sum of their factors. */
function distinct(
  { node, inputs }: LawInput,
  factor: number,
): { signals: Signal[]; factors: number[]; index: number[] } {
  const seen = new Map<string, number>();
  const signals: Signal[] = [];
  const factors: number[] = [];
  const index: number[] = [];
  for (const [position, signal] of inputs.entries()) {
    const ref = node.inputs[position];
    const key = ref === undefined ? String(position) : `${ref.node}#${ref.output}`;
    const known = seen.get(key);
    if (known === undefined) {
      seen.set(key, signals.length);
      index.push(signals.length);
      signals.push(signal);
      factors.push(factor);
    } else {
      factors[known] = (factors[known] ?? 0) + factor;
      index.push(known);
    }
  }
  return { signals, factors, index };
}

const additive =
  (factors: (count: number) => readonly number[]): LayerLaw =>
  (input) => {
    const weights = factors(input.inputs.length);
    const flipped = weights.some((weight) => weight < 0);
    const merged = flipped
      ? { signals: [...input.inputs], factors: [...weights] }
      : distinct(input, weights[0] ?? 1);
    return {
      outputs: [sum(merged.signals, merged.factors)],
      back: ({ energy }) => ({
        own: energy,
        inputs: input.inputs.map((_, at): Arriving => ({ energy: energy * (weights[at] ?? 1) ** 2 })),
      }),
    };
  };

/** Sum of branches taken as independent. */
const addLaw = additive((inputs) => Array.from({ length: inputs }, () => 1));
/** Difference of two. */
const subtractLaw = additive(() => [1, -1]);
/** Mean of branches. */
const averageLaw = additive((inputs) => Array.from({ length: inputs }, () => 1 / inputs));

/** Product of independent branches (gates): second moments multiply. */
const multiplyLaw: LayerLaw = ({ inputs }) => {
  const one: Signal = { mean: 1, second: 1, cross: 1, unit: 1, unitCross: 1, logVariance: 0 };
  const output = inputs.reduce<Signal>((all, next) => {
    const profile = mixProfiles(all, next);
    return {
      mean: all.mean * next.mean,
      second: all.second * next.second,
      cross: all.cross * next.cross,
      unit: all.unit * next.unit,
      unitCross: all.unitCross * next.unitCross,
      ...paired(all, next, (a, b) => a * b),
      logVariance: all.logVariance + next.logVariance,
      ...(profile === undefined ? {} : { profile }),
    };
  }, one);
  return {
    outputs: [output],
    back: ({ energy }) => ({
      own: energy,
      inputs: inputs.map((_, at): Arriving => {
        let factor = 1;
        for (const [other, signal] of inputs.entries()) if (other !== at) factor *= signal.second;
        return { energy: energy * factor };
      }),
    }),
  };
};

/** Concatenation: averages weighted by size; the gradient splits by size. */
export const concatenateLaw: LayerLaw = ({ inputs, inputShapes }) => {
  const sizes = inputShapes.map(count);
  const total = sizes.reduce((all, next) => all + next, 0);
  const shares = sizes.map((part) => part / total);
  const average = (pick: (signal: Signal) => number): number =>
    inputs.reduce((all, signal, at) => all + (shares[at] ?? 0) * pick(signal), 0);
  const mean = average((signal) => signal.mean);
  const [head, ...rest] = inputs;
  if (head === undefined) return 'it has no input';
  const profile = rest.reduce<readonly Float64Array[] | undefined>(
    (mixed, next) => mixProfiles(mixed === undefined ? head : { ...head, profile: mixed }, next),
    head.profile,
  );
  const second = average((signal) => signal.second);
  return {
    outputs: [
      {
        mean,
        second,
        cross: average((signal) => signal.cross),
        unit: average((signal) => signal.unit),
        unitCross: average((signal) => signal.unitCross),
        ...(head.place === undefined
          ? {}
          : {
              place: average((signal) => signal.place ?? signal.second),
              far: average((signal) => signal.far ?? signal.cross),
            }),
        logVariance:
          second > 0
            ? inputs.reduce(
                (all, signal, at) =>
                  all + (((shares[at] ?? 0) * signal.second) / second) ** 2 * signal.logVariance,
                0,
              )
            : 0,
        ...(profile === undefined ? {} : { profile }),
      },
    ],
    back: ({ energy }) => ({
      own: energy,
      inputs: shares.map((share): Arriving => ({ energy: energy * share })),
    }),
  };
};

/** Larger (or smaller) of independent normal branches: E[max] by Clark's formulas for two equal ones, no gradient lost. */
const extremumLaw =
  (sign: 1 | -1): LayerLaw =>
  ({ inputs }) => {
    const [first, ...rest] = inputs;
    if (first === undefined) return 'it has no input';
    const output = rest.reduce<Signal>((all, next) => {
      const spread = Math.sqrt(Math.max(0, all.second - all.mean ** 2 + next.second - next.mean ** 2));
      const alpha = spread > 0 ? (sign * (all.mean - next.mean)) / spread : 0;
      const share = normal(alpha);
      const lift = sign * spread * Math.exp(-0.5 * alpha * alpha) * 0.3989422804;
      const mean = all.mean * share + next.mean * (1 - share) + lift;
      const second = all.second * share + next.second * (1 - share) + (all.mean + next.mean) * lift;
      const mixed = scaled(all, 1);
      return {
        ...mixed,
        mean,
        second,
        cross: (all.cross + next.cross) / 2 + mean * mean - (all.mean ** 2 + next.mean ** 2) / 2,
        unit: mean * mean,
        unitCross: mean * mean,
      };
    }, first);
    return {
      outputs: [output],
      back: ({ energy }) => ({
        own: energy,
        inputs: inputs.map((): Arriving => ({ energy: energy / inputs.length })),
      }),
    };
  };

function normal(x: number): number {
  return 1 / (1 + Math.exp(-1.5976 * x - 0.07056 * x ** 3));
}

const LAWS_BY_OPERATION = new Map<string, LayerLaw>([
  ['add', addLaw],
  ['subtract', subtractLaw],
  ['average', averageLaw],
  ['multiply', multiplyLaw],
  ['maximum', extremumLaw(1)],
  ['minimum', extremumLaw(-1)],
]);

/** Elementwise merges, by their operation. */
export const mergeLaw: LayerLaw = (input) =>
  (LAWS_BY_OPERATION.get(String(input.layer.config['op'])) ?? addLaw)(input);
