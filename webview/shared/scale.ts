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

/** A logarithmic scale over all finite positive values given, rounded out to whole powers of ten, at least two decades. */
export function logScale(values: readonly number[]): Scale {
  const logs = values.filter((value) => Number.isFinite(value) && value > 0).map(Math.log10);
  let low = Math.floor(Math.min(0, ...logs));
  let high = Math.ceil(Math.max(0, ...logs));
  if (high - low < 2) {
    low -= 1;
    high += 1;
  }
  const step = Math.max(1, Math.ceil((high - low) / 6));
  const ticks: number[] = [];
  for (let power = high; power >= low; power -= step) ticks.unshift(10 ** power);
  return {
    ticks,
    position: (value) => {
      if (Number.isNaN(value) || value <= 0) return 0;
      if (value === Infinity) return 1;
      return Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low)));
    },
  };
}
