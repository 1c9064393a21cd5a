import { formatNumber } from '../../src/report/format.ts';

/** Maps values to [0, 1]; values outside are clamped, non-finite ones go to the end they point to. */
export interface Scale {
  position(value: number): number;
  /** Where labels stand, with their values. */
  readonly ticks: readonly number[];
}

/** A linear scale over shares. */
export const SHARE_SCALE: Scale = {
  position: (value) => (Number.isNaN(value) ? 0 : Math.min(1, Math.max(0, value))),
  ticks: [0, 0.5, 1],
};

/** A power of ten as an axis labels it: `10⁻²⁰`, `0.01`. */
export function powerText(value: number): string {
  return formatNumber(value, 1).replace(/^1·/, '');
}

/** Steps between labelled powers of ten. */
const POWER_STEPS = [1, 2, 5, 10, 20, 50, 100, 200];

/** Powers of ten from `low` to `high` (exponents) at even, round steps through 1, seven at most. */
export function powersOfTen(low: number, high: number): number[] {
  const step = POWER_STEPS.find((each) => (high - low) / each <= 7) ?? 500;
  const powers: number[] = [];
  for (let power = Math.ceil(low / step) * step; power <= high; power += step) powers.push(10 ** power);
  return powers;
}

/** Exponents of the whole powers of ten around two positive values, at least two decades apart. */
export function decadesAround(least: number, most: number): readonly [low: number, high: number] {
  const [low, high] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  return high - low < 2 ? [low - 1, high + 1] : [low, high];
}

/** A logarithmic scale over all finite positive values given (and 1, unless told not), rounded out to whole powers of ten, at least two decades. */
export function logScale(values: readonly number[], withOne = true): Scale {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const all = withOne || positive.length === 0 ? [1, ...positive] : positive;
  const [low, high] = decadesAround(
    all.reduce((a, b) => Math.min(a, b)),
    all.reduce((a, b) => Math.max(a, b)),
  );
  return {
    ticks: powersOfTen(low, high),
    position: (value) => {
      if (Number.isNaN(value) || value <= 0) return 0;
      if (value === Infinity) return 1;
      return Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low)));
    },
  };
}

/** A linear scale over these values, its ends on round numbers. */
export function linearScale(values: readonly number[]): Scale {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const span = high > low ? high - low : Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = ([1, 2, 5, 10].find((factor) => span / (factor * power) <= 5) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return {
    ticks,
    position: (value) =>
      Number.isNaN(value) ? 0 : Math.min(1, Math.max(0, (value / step - first) / (last - first))),
  };
}
