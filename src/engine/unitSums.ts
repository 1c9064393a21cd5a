import type { UnitStats } from '../model/measurement.ts';
import type { FlatPart, UnitLayout } from './statistics.ts';

/** Samples whose vectors are compared for the mean cosine. */
export const COSINE_SAMPLES = 32;

/**
 * Sums over samples and positions for each unit; parts of a batch can be added one after the other. `key` is a sum with weights that
 * depend on the position: equal for units that are equal everywhere, and practically for no others.
 */
export interface UnitSums {
  readonly units: number;
  rows: number;
  readonly shift: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly key: Float64Array;
  readonly zeros: Float64Array;
  /** Values in the flat part, and values looked at for it. */
  flat: number;
  flatOf: number;
  cosine: number | undefined;
}

/** Sums of nothing yet. */
export function emptyUnits(units: number): UnitSums {
  const zero = () => new Float64Array(units);
  return {
    units,
    rows: 0,
    shift: zero(),
    sum: zero(),
    squares: zero(),
    key: zero(),
    zeros: zero(),
    flat: 0,
    flatOf: 0,
    cosine: undefined,
  };
}

/** A fixed irregular weight of a row in [½, 1½). */
function weightOf(row: number): number {
  return 0.5 + ((row * 0.6180339887498949) % 1);
}

function setShift(sums: UnitSums, values: Float32Array, inner: number): void {
  for (let unit = 0; unit < sums.units; unit++) {
    const first = values[unit * inner]!;
    sums.shift[unit] = Number.isFinite(first) ? first : 0;
  }
}

/** Adds rows whose units lie side by side (inner = 1): the units run innermost. */
function addSideBySide(sums: UnitSums, values: Float32Array, outer: number): void {
  const { units, shift, sum, squares, key, zeros } = sums;
  let at = 0;
  for (let row = 0; row < outer; row++) {
    const weight = weightOf(sums.rows + row);
    for (let unit = 0; unit < units; unit++) {
      const value = values[at++]!;
      const difference = value - shift[unit]!;
      sum[unit]! += difference;
      squares[unit]! += difference * difference;
      key[unit]! += value * weight;
      if (value === 0) zeros[unit]!++;
    }
  }
}

function addApart(sums: UnitSums, values: Float32Array, outer: number, inner: number): void {
  const { units, shift, sum, squares, key, zeros } = sums;
  for (let row = 0; row < outer; row++) {
    for (let unit = 0; unit < units; unit++) {
      const start = (row * units + unit) * inner;
      for (let i = 0; i < inner; i++) {
        const value = values[start + i]!;
        const difference = value - shift[unit]!;
        sum[unit]! += difference;
        squares[unit]! += difference * difference;
        key[unit]! += value * weightOf(sums.rows + row * inner + i);
        if (value === 0) zeros[unit]!++;
      }
    }
  }
}

/** Mean cosine over pairs of samples: from the sum of the unit vectors. All-zero samples are left out; without two others it is 1. */
function meanCosine(values: Float32Array, samples: number): number {
  const size = values.length / samples;
  const total = new Float64Array(size);
  let used = 0;
  for (let sample = 0; sample < Math.min(samples, COSINE_SAMPLES); sample++) {
    const start = sample * size;
    let square = 0;
    for (let i = 0; i < size; i++) square += values[start + i]! * values[start + i]!;
    const scale = 1 / Math.sqrt(square);
    if (!Number.isFinite(scale)) continue;
    used++;
    for (let i = 0; i < size; i++) total[i]! += values[start + i]! * scale;
  }
  if (used < 2) return 1;
  let square = 0;
  for (let i = 0; i < size; i++) square += total[i]! * total[i]!;
  return (square - used) / (used * (used - 1));
}

function countFlat(values: Float32Array, { low, high }: FlatPart): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low || value > high) count++;
  }
  return count;
}

/** Adds one part of a batch. The mean cosine is that of the first part. */
export function addUnits(sums: UnitSums, values: Float32Array, layout: UnitLayout, flat?: FlatPart): void {
  const { outer, inner, perSample } = layout;
  if (sums.rows === 0) {
    setShift(sums, values, inner);
    sums.cosine = outer === 0 ? undefined : meanCosine(values, outer / perSample);
  }
  if (inner === 1) addSideBySide(sums, values, outer);
  else addApart(sums, values, outer, inner);
  sums.rows += outer * inner;
  if (flat !== undefined) {
    sums.flat += countFlat(values, flat);
    sums.flatOf += values.length;
  }
}

/** Share of units that differ from every earlier unit. */
export function distinctUnits(sums: UnitSums): number {
  const seen = new Set<string>();
  for (let unit = 0; unit < sums.units; unit++) {
    seen.add(`${sums.shift[unit]} ${sums.sum[unit]} ${sums.squares[unit]} ${sums.key[unit]}`);
  }
  return sums.units === 0 ? 1 : seen.size / sums.units;
}

/** The shares and scales over units. `rectifier`: units that are never 0 are counted as always on. */
export function unitStats(sums: UnitSums, rectifier: boolean): UnitStats {
  const { units, rows } = sums;
  let dead = 0;
  let alwaysOn = 0;
  let constant = 0;
  let variances = 0;
  let means = 0;
  for (let unit = 0; unit < units; unit++) {
    const offset = sums.sum[unit]! / rows;
    const mean = sums.shift[unit]! + offset;
    const variance = Math.max(0, sums.squares[unit]! / rows - offset * offset);
    const isDead = sums.zeros[unit] === rows;
    if (isDead) dead++;
    if (rectifier && sums.zeros[unit] === 0) alwaysOn++;
    if (isDead || Math.sqrt(variance) <= 1e-6 * Math.abs(mean)) constant++;
    variances += variance;
    means += Math.abs(mean);
  }
  return {
    units,
    samples: rows,
    dead: dead / units,
    alwaysOn: alwaysOn / units,
    ...(sums.flatOf > 0 ? { saturated: sums.flat / sums.flatOf } : {}),
    constant: constant / units,
    duplicated: 1 - distinctUnits(sums),
    stdOverData: Math.sqrt(variances / units),
    meanAbs: means / units,
    cosine: sums.cosine ?? 1,
  };
}
