import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationKind } from '../model/activations/catalogue.ts';
import { breaksOf, momentRow, pointRow, ROW } from './momentRow.ts';
import { ActivationMoments } from './rowMoments.ts';

/** Step of the grid in ln V. */
const GRID = 0.1;
/** A forget gate's bias: besides 0 the one mean that a law asks for again and again, at every step of every LSTM. */
const FORGET = 1;
const MOST_EXACT = 2000;

/** Four neighbouring rows of a grid behind each other, by the cell between the middle two. */
type Grid = Map<number, Float64Array>;

const SMALLEST = 1e-60;
const LARGEST = 1e60;

/** Moments of one activation: lazy grids over ln V for two means, interpolated by cubics, and exact rows elsewhere. */
export class MomentTable {
  readonly #spec: ActivationSpec;
  readonly #breaks: readonly number[];
  readonly #rows = new Map<number, Map<number, Float64Array>>();
  readonly #cells = new Map<number, Grid>();
  readonly #exact = new Map<number, Map<number, ActivationMoments>>();
  #known = 0;

  constructor(spec: ActivationSpec) {
    this.#spec = spec;
    this.#breaks = breaksOf(spec);
  }

  /** `activationMoments` of this activation. */
  at(mean: number, variance: number): ActivationMoments | undefined {
    if (!(variance >= 0) || variance > LARGEST || !Number.isFinite(mean)) return undefined;
    if (variance < SMALLEST || variance < 1e-14 * mean * mean)
      return new ActivationMoments(pointRow(this.#spec, mean));
    if (Math.abs(mean) < 1e-9 * Math.sqrt(variance)) return this.#between(0, variance);
    return mean === FORGET ? this.#between(FORGET, variance) : this.exact(mean, variance);
  }

  /** The same by quadrature, never from a grid. */
  exact(mean: number, variance: number): ActivationMoments {
    const known = this.#exact.get(mean)?.get(variance);
    if (known !== undefined) return known;
    if (this.#known > MOST_EXACT) {
      this.#exact.clear();
      this.#known = 0;
    }
    const found = new ActivationMoments(momentRow(this.#spec, this.#breaks, mean, variance));
    entry(this.#exact, mean).set(variance, found);
    this.#known += 1;
    return found;
  }

  #between(mean: number, variance: number): ActivationMoments {
    const position = Math.log(variance) / GRID;
    const cell = Math.floor(position);
    const t = position - cell;
    return new ActivationMoments(this.#around(mean, cell), [
      (-t * (t - 1) * (t - 2)) / 6,
      ((t + 1) * (t - 1) * (t - 2)) / 2,
      (-(t + 1) * t * (t - 2)) / 2,
      ((t + 1) * t * (t - 1)) / 6,
    ]);
  }

  #around(mean: number, cell: number): Float64Array {
    const grid = entry(this.#cells, mean);
    let block = grid.get(cell);
    if (block === undefined) {
      block = new Float64Array(4 * ROW);
      for (let at = 0; at < 4; at += 1) block.set(this.#row(mean, cell + at - 1), at * ROW);
      grid.set(cell, block);
    }
    return block;
  }

  #row(mean: number, cell: number): Float64Array {
    const rows = entry(this.#rows, mean);
    let row = rows.get(cell);
    if (row === undefined) {
      row = momentRow(this.#spec, this.#breaks, mean, Math.exp(cell * GRID));
      rows.set(cell, row);
    }
    return row;
  }
}

/** The map that another holds under this mean, made on demand. */
function entry<Value>(maps: Map<number, Map<number, Value>>, mean: number): Map<number, Value> {
  let inner = maps.get(mean);
  if (inner === undefined) maps.set(mean, (inner = new Map<number, Value>()));
  return inner;
}

const tables = new Map<string, MomentTable>();
const tableOfSpec = new WeakMap<ActivationSpec, MomentTable>();

function tableOf(spec: ActivationSpec): MomentTable {
  const known = tableOfSpec.get(spec);
  if (known !== undefined) return known;
  const key = Object.keys(spec.params).length === 0 ? spec.id : `${spec.id}${JSON.stringify(spec.params)}`;
  let table = tables.get(key);
  if (table === undefined) {
    table = new MomentTable(spec);
    tables.set(key, table);
  }
  tableOfSpec.set(spec, table);
  return table;
}

/** The moments of this activation, for who asks for many; undefined for an activation over an axis. */
export function momentTable(spec: ActivationSpec): MomentTable | undefined {
  return activationKind(spec.id).value === undefined ? undefined : tableOf(spec);
}

/**
 * Moments of φ(z), z ~ N(mean, variance). For mean 0 and 1 interpolated in a table kept per activation (relative error below 1e-5,
 * `gains.test.ts`), else by quadrature. Undefined for an activation over an axis and for scales outside [1e-60, 1e60].
 */
export function activationMoments(
  spec: ActivationSpec,
  mean: number,
  variance: number,
): ActivationMoments | undefined {
  return momentTable(spec)?.at(mean, variance);
}

/** The same by quadrature, never from the table. */
export function exactMoments(spec: ActivationSpec, mean: number, variance: number): ActivationMoments {
  return tableOf(spec).exact(mean, variance);
}
