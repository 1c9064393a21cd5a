import type { FlatPart, UnitLayout } from './statistics.ts';
import type { UnitSums } from './unitSums.ts';

interface Raw {
  readonly shift: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly key: Float64Array;
  readonly zeros: Float64Array;
  readonly bad: Float64Array;
}

/** A fixed irregular weight of a row in [½, 1½). */
function weightOf(row: number): number {
  return 0.5 + ((row * 0.6180339887498949) % 1);
}

/** Rows whose units lie side by side (inner = 1): the units run innermost. */
function addSideBySide(raw: Raw, values: Float32Array, outer: number, units: number): void {
  const { shift, sum, squares, key, zeros, bad } = raw;
  let at = 0;
  for (let row = 0; row < outer; row++) {
    const weight = weightOf(row);
    for (let unit = 0; unit < units; unit++) {
      const value = values[at++]!;
      const difference = value - shift[unit]!;
      if (difference - difference !== 0) {
        bad[unit]!++;
        continue;
      }
      sum[unit]! += difference;
      squares[unit]! += difference * difference;
      key[unit]! += value * weight;
      if (value === 0) zeros[unit]!++;
    }
  }
}

function addApart(raw: Raw, values: Float32Array, { outer, units, inner }: UnitLayout): void {
  const { shift, sum, squares, key, zeros, bad } = raw;
  for (let row = 0; row < outer; row++) {
    for (let unit = 0; unit < units; unit++) {
      const start = (row * units + unit) * inner;
      for (let i = 0; i < inner; i++) {
        const value = values[start + i]!;
        const difference = value - shift[unit]!;
        if (difference - difference !== 0) {
          bad[unit]!++;
          continue;
        }
        sum[unit]! += difference;
        squares[unit]! += difference * difference;
        key[unit]! += value * weightOf(row * inner + i);
        if (value === 0) zeros[unit]!++;
      }
    }
  }
}

function countFlat(values: Float32Array, { low, high }: FlatPart): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low || value > high) count++;
  }
  return count;
}

/** Sums per unit in float64 about each unit's first finite value; non-finite values are left out of them. */
export function plainUnits(
  values: Float32Array,
  layout: UnitLayout,
  flat: FlatPart | undefined,
  cosine: number,
): UnitSums {
  const { outer, units, inner } = layout;
  const make = () => new Float64Array(units);
  const raw: Raw = { shift: make(), sum: make(), squares: make(), key: make(), zeros: make(), bad: make() };
  for (let unit = 0; unit < units && outer > 0; unit++) {
    const first = values[unit * inner]!;
    raw.shift[unit] = Number.isFinite(first) ? first : 0;
  }
  if (inner === 1) addSideBySide(raw, values, outer, units);
  else addApart(raw, values, layout);
  const rows = outer * inner;
  const mean = make();
  const m2 = make();
  for (let unit = 0; unit < units; unit++) {
    const count = rows - raw.bad[unit]!;
    if (count === 0) {
      mean[unit] = NaN;
      continue;
    }
    const offset = raw.sum[unit]! / count;
    mean[unit] = raw.shift[unit]! + offset;
    m2[unit] = Math.max(0, raw.squares[unit]! - offset * raw.sum[unit]!);
  }
  return {
    units,
    rows,
    mean,
    m2,
    key: raw.key,
    zeros: raw.zeros,
    flat: flat === undefined ? 0 : countFlat(values, flat),
    flatOf: flat === undefined ? 0 : values.length,
    cosine,
  };
}
