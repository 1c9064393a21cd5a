import type { UnitStats } from '../model/measurement.ts';

/**
 * Moments over samples and positions for each unit; parts of a batch are joined one after the other. `key` mixes the values with their places:
 * equal for units that are equal everywhere, and practically for no others.
 */
export interface UnitSums {
  readonly units: number;
  rows: number;
  readonly mean: Float64Array;
  /** Σ(v − mean)². */
  readonly m2: Float64Array;
  readonly key: Float64Array;
  readonly zeros: Float64Array;
  /** Values in the flat part, and values looked at for it. */
  flat: number;
  flatOf: number;
  cosine: number;
}

/** Joins the sums of more rows of the same units (Chan, Golub and LeVeque 1979). The mean cosine stays that of the first part. */
export function joinUnits(sums: UnitSums, part: UnitSums): void {
  const all = sums.rows + part.rows;
  for (let unit = 0; unit < sums.units; unit++) {
    const delta = part.mean[unit]! - sums.mean[unit]!;
    sums.mean[unit]! += (delta * part.rows) / all;
    sums.m2[unit]! += part.m2[unit]! + (delta * delta * sums.rows * part.rows) / all;
    sums.key[unit] = sums.key[unit]! * 0.6180339887498949 + part.key[unit]!;
    sums.zeros[unit]! += part.zeros[unit]!;
  }
  sums.rows = all;
  sums.flat += part.flat;
  sums.flatOf += part.flatOf;
}

/** Counts and sums over the units of a tensor. */
export interface UnitCounts {
  /** Units that are 0 everywhere, never, and that do not vary (std ≤ 1e-6·|mean|, or dead). */
  readonly dead: number;
  readonly neverZero: number;
  readonly constant: number;
  /** Σ over units of the variance and of |mean|, where finite. */
  readonly variances: number;
  readonly meanSizes: number;
  /** Units that differ from every earlier unit. */
  readonly distinct: number;
}

/** What the units of a tensor come to. */
export interface UnitTally extends UnitCounts {
  readonly units: number;
  /** Values of a unit. */
  readonly rows: number;
  /** Values in the flat part, and values looked at for it. */
  readonly flat: number;
  readonly flatOf: number;
  readonly cosine: number;
}

function distinctOf({ units, mean, m2, key }: UnitSums): number {
  if (new Set(key).size === units) return units;
  const seen = new Map<number, number[]>();
  let distinct = 0;
  for (let unit = 0; unit < units; unit++) {
    const alike = seen.get(key[unit]!);
    if (alike?.some((other) => mean[other] === mean[unit] && m2[other] === m2[unit]) === true) continue;
    distinct++;
    if (alike === undefined) seen.set(key[unit]!, [unit]);
    else alike.push(unit);
  }
  return distinct;
}

/** Counts over units from the sums of each. */
export function tallyOf(sums: UnitSums): UnitTally {
  const { units, rows, flat, flatOf, cosine } = sums;
  let [dead, neverZero, constant, variances, meanSizes] = [0, 0, 0, 0, 0];
  for (let unit = 0; unit < units; unit++) {
    const mean = Math.abs(sums.mean[unit]!);
    const variance = sums.m2[unit]! / rows;
    const isDead = sums.zeros[unit] === rows;
    if (isDead) dead++;
    if (sums.zeros[unit] === 0) neverZero++;
    if (isDead || Math.sqrt(variance) <= 1e-6 * mean) constant++;
    if (Number.isFinite(variance)) variances += variance;
    if (Number.isFinite(mean)) meanSizes += mean;
  }
  const distinct = distinctOf(sums);
  return { units, rows, dead, neverZero, constant, variances, meanSizes, distinct, flat, flatOf, cosine };
}

/** The shares and scales over units. `rectifier`: units that are never 0 are counted as always on. */
export function unitStats(tally: UnitTally, rectifier: boolean): UnitStats {
  const { units, rows } = tally;
  return {
    units,
    samples: rows,
    dead: tally.dead / units,
    alwaysOn: rectifier ? tally.neverZero / units : 0,
    ...(tally.flatOf > 0 ? { saturated: tally.flat / tally.flatOf } : {}),
    constant: tally.constant / units,
    duplicated: 1 - distinctUnits(tally),
    stdOverData: Math.sqrt(tally.variances / units),
    meanAbs: tally.meanSizes / units,
    cosine: tally.cosine,
  };
}

/** Share of units that differ from every earlier unit. */
export function distinctUnits({ units, distinct }: UnitTally): number {
  return units === 0 ? 1 : distinct / units;
}
