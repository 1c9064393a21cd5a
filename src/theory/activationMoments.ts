import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationKind } from '../model/activations/catalogue.ts';
import { gaussianNodes } from './quadrature.ts';

/** Number of Hermite coefficients kept; the rest of E[φ²] is carried as one tail term. */
const HERMITE = 24;
const FIXED = 8;
const GRID = 0.1;
/** Smooth activations bend on the scale of 1 and 4: panels end there, so that large variances stay exact. */
const BEND = [-12, -4, -1, 0, 1, 4, 12];

/** Weights of a row alone. */
const ALONE = [1];
/** Below this a power of the correlation adds nothing to a double. */
const NEGLIGIBLE = 1e-18;

/**
 * Moments of φ(z) for a normal z: first, second and fourth moment; E[φ′²] (backward gain); d ln E[φ²]/d ln V; shares of exact
 * zeros and of values in the flat part; squared Hermite coefficients (degree 0 is the squared mean). A weighted sum of tabulated
 * rows, of which only what is asked for is added up.
 */
export class ActivationMoments {
  readonly #rows: readonly Float64Array[];
  readonly #weights: readonly number[];
  #squares: Float64Array | undefined;

  constructor(rows: readonly Float64Array[], weights: readonly number[] = ALONE) {
    this.#rows = rows;
    this.#weights = weights;
  }

  #at(index: number): number {
    let sum = 0;
    for (let row = 0; row < this.#rows.length; row += 1)
      sum += (this.#weights[row] ?? 0) * (this.#rows[row]?.[index] ?? 0);
    return sum;
  }

  get mean(): number {
    return this.#at(0);
  }
  get second(): number {
    return this.#at(1);
  }
  get fourth(): number {
    return this.#at(2);
  }
  get slopeSquared(): number {
    return this.#at(3);
  }
  get elasticity(): number {
    const second = this.second;
    return second > 0 ? this.#at(4) / second : 1;
  }
  get zeros(): number {
    return this.#at(5);
  }
  get saturated(): number {
    return this.#at(6);
  }
  get slopeMean(): number {
    return this.#at(7);
  }

  /** E[φ(z)φ(z′)] for two such z with this correlation: Σ aₖ²·ρᵏ (Mehler); the tail stands at degree 1.5·24. */
  dual(correlation: number): number {
    const rho = Math.max(-1, Math.min(1, correlation));
    if (Math.abs(rho) < NEGLIGIBLE) return this.#at(FIXED);
    this.#squares ??= Float64Array.from({ length: HERMITE }, (_, degree) => this.#at(FIXED + degree));
    let sum = 0;
    let power = 1;
    let kept = 0;
    for (let degree = 0; degree < HERMITE; degree += 1) {
      const square = this.#squares[degree] ?? 0;
      sum += square * power;
      kept += square;
      power *= rho;
      if (Math.abs(power) < NEGLIGIBLE) return sum;
    }
    return sum + Math.max(0, this.second - kept) * Math.abs(rho) ** (1.5 * HERMITE);
  }
}

/** Points of z where φ, φ′ or the flat part's membership breaks. */
function breaksOf(spec: ActivationSpec): number[] {
  const kind = activationKind(spec.id);
  const points = [...kind.kinks(spec.params), ...BEND];
  const { flat, value } = kind;
  if (flat !== undefined && value !== undefined) {
    for (const edge of [flat.low, flat.high]) {
      points.push(flat.on === 'pre' ? edge : preimage((z) => value(z, spec.params), edge));
    }
  }
  return points;
}

function preimage(value: (z: number) => number, target: number): number {
  let low = -1e3;
  let high = 1e3;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (value(middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const normalizers = Float64Array.from({ length: HERMITE }, (_, degree) => {
  let product = 1;
  for (let factor = 2; factor <= degree; factor += 1) product *= factor;
  return 1 / Math.sqrt(product);
});

/** One row by quadrature. z = mean + √variance·g. */
function computeRow(
  spec: ActivationSpec,
  breaks: readonly number[],
  mean: number,
  variance: number,
): Float64Array {
  const { value, slope, flat } = activationKind(spec.id);
  const row = new Float64Array(FIXED + HERMITE);
  if (value === undefined || slope === undefined) return row;
  const coefficients = new Float64Array(HERMITE);
  const deviation = Math.sqrt(variance);
  const add = (index: number, amount: number): void => {
    row[index] = (row[index] ?? 0) + amount;
  };
  gaussianNodes(mean, deviation, breaks, (g, weight) => {
    const z = mean + deviation * g;
    const a = value(z, spec.params);
    const d = slope(z, spec.params);
    add(0, weight * a);
    add(1, weight * a * a);
    add(2, weight * a ** 4);
    add(3, weight * d * d);
    add(4, weight * a * d * deviation * g);
    if (a === 0) add(5, weight);
    const tested = flat?.on === 'pre' ? z : a;
    if (flat !== undefined && (tested < flat.low || tested > flat.high)) add(6, weight);
    add(7, weight * d);
    let previous = 0;
    let current = 1;
    for (let degree = 0; degree < HERMITE; degree += 1) {
      coefficients[degree] = (coefficients[degree] ?? 0) + weight * a * current * (normalizers[degree] ?? 0);
      const next = g * current - degree * previous;
      previous = current;
      current = next;
    }
  });
  for (let degree = 0; degree < HERMITE; degree += 1) row[FIXED + degree] = (coefficients[degree] ?? 0) ** 2;
  return row;
}

/** Rows of one activation: a lazy grid over ln V for mean 0, interpolated by cubics, and exact rows elsewhere. */
class ActivationTable {
  readonly #spec: ActivationSpec;
  readonly #breaks: readonly number[];
  readonly #grid = new Map<number, Float64Array>();
  readonly #exact = new Map<number, Map<number, ActivationMoments>>();
  #known = 0;

  constructor(spec: ActivationSpec) {
    this.#spec = spec;
    this.#breaks = breaksOf(spec);
  }

  exact(mean: number, variance: number): ActivationMoments {
    const known = this.#exact.get(mean)?.get(variance);
    if (known !== undefined) return known;
    if (this.#known > 2000) {
      this.#exact.clear();
      this.#known = 0;
    }
    const found = new ActivationMoments([computeRow(this.#spec, this.#breaks, mean, variance)]);
    let ofMean = this.#exact.get(mean);
    if (ofMean === undefined) this.#exact.set(mean, (ofMean = new Map<number, ActivationMoments>()));
    ofMean.set(variance, found);
    this.#known += 1;
    return found;
  }

  at(variance: number): ActivationMoments {
    const position = Math.log(variance) / GRID;
    const cell = Math.floor(position);
    const t = position - cell;
    return new ActivationMoments(
      [this.#node(cell - 1), this.#node(cell), this.#node(cell + 1), this.#node(cell + 2)],
      [
        (-t * (t - 1) * (t - 2)) / 6,
        ((t + 1) * (t - 1) * (t - 2)) / 2,
        (-(t + 1) * t * (t - 2)) / 2,
        ((t + 1) * t * (t - 1)) / 6,
      ],
    );
  }

  #node(cell: number): Float64Array {
    let row = this.#grid.get(cell);
    if (row === undefined) {
      row = computeRow(this.#spec, this.#breaks, 0, Math.exp(cell * GRID));
      this.#grid.set(cell, row);
    }
    return row;
  }
}

const tables = new Map<string, ActivationTable>();
const tableOfSpec = new WeakMap<ActivationSpec, ActivationTable>();

function tableOf(spec: ActivationSpec): ActivationTable {
  const known = tableOfSpec.get(spec);
  if (known !== undefined) return known;
  const key = Object.keys(spec.params).length === 0 ? spec.id : `${spec.id}${JSON.stringify(spec.params)}`;
  let table = tables.get(key);
  if (table === undefined) {
    table = new ActivationTable(spec);
    tables.set(key, table);
  }
  tableOfSpec.set(spec, table);
  return table;
}

const SMALLEST = 1e-60;
const LARGEST = 1e60;

/**
 * Moments of φ(z), z ~ N(mean, variance). For mean 0 interpolated in a table kept per activation (relative error below 1e-5),
 * else by quadrature. Undefined for an activation over an axis and for scales outside [1e-60, 1e60].
 */
export function activationMoments(
  spec: ActivationSpec,
  mean: number,
  variance: number,
): ActivationMoments | undefined {
  if (activationKind(spec.id).value === undefined) return undefined;
  if (!(variance >= 0) || variance > LARGEST || !Number.isFinite(mean)) return undefined;
  if (variance < SMALLEST || variance < 1e-14 * mean * mean) return atPoint(spec, mean);
  const table = tableOf(spec);
  return Math.abs(mean) < 1e-9 * Math.sqrt(variance) ? table.at(variance) : table.exact(mean, variance);
}

function atPoint(spec: ActivationSpec, z: number): ActivationMoments {
  const { value, slope, flat } = activationKind(spec.id);
  const a = value?.(z, spec.params) ?? 0;
  const d = slope?.(z, spec.params) ?? 0;
  const tested = flat?.on === 'pre' ? z : a;
  const outside = flat !== undefined && (tested < flat.low || tested > flat.high) ? 1 : 0;
  const row = new Float64Array(FIXED + HERMITE);
  row.set([a, a * a, a ** 4, d * d, a * d * z, a === 0 ? 1 : 0, outside, d, a * a]);
  return new ActivationMoments([row]);
}

/** The same by quadrature, never from the table. */
export function exactMoments(spec: ActivationSpec, mean: number, variance: number): ActivationMoments {
  return tableOf(spec).exact(mean, variance);
}
