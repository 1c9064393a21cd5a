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

/** Share of units that differ from every earlier unit. */
export function distinctUnits({ units, mean, m2, key }: UnitSums): number {
  if (new Set(key).size === units) return 1;
  const seen = new Map<number, number[]>();
  let distinct = 0;
  for (let unit = 0; unit < units; unit++) {
    const alike = seen.get(key[unit]!);
    if (alike?.some((other) => mean[other] === mean[unit] && m2[other] === m2[unit]) === true) continue;
    distinct++;
    if (alike === undefined) seen.set(key[unit]!, [unit]);
    else alike.push(unit);
  }
  return units === 0 ? 1 : distinct / units;
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
    const mean = Math.abs(sums.mean[unit]!);
    const variance = sums.m2[unit]! / rows;
    const isDead = sums.zeros[unit] === rows;
    if (isDead) dead++;
    if (rectifier && sums.zeros[unit] === 0) alwaysOn++;
    if (isDead || Math.sqrt(variance) <= 1e-6 * mean) constant++;
    if (Number.isFinite(variance)) variances += variance;
    if (Number.isFinite(mean)) means += mean;
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
    cosine: sums.cosine,
  };
}
