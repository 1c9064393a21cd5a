import type { Spectrum } from '../model/measurement.ts';
import type { WeightSpec } from '../model/spec.ts';

/** Singular values that a spectrum keeps of a larger kernel, evenly spaced by rank. */
const KEPT = 64;

/** Kernels whose smaller side is longer are not decomposed, however much work is allowed. */
const MOST_SIDE = 512;

/** Bisections of an eigenvalue: the first interval shrinks to the precision of a double. */
const HALVINGS = 54;

interface Sides {
  readonly rows: number;
  readonly columns: number;
}

/** A weight as the matrix that maps what one unit sees to the units; undefined for weights that are no such matrix. */
function sidesOf({ part, shape, effectiveFanIn }: WeightSpec): Sides | undefined {
  if (part !== 'kernel' && part !== 'recurrent') return undefined;
  const columns = shape.at(-1) ?? 0;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const isMap = shape.length >= 2 && columns > 0 && rows === effectiveFanIn;
  return isMap && Math.min(rows, columns) <= MOST_SIDE ? { rows, columns } : undefined;
}

/** Multiply-adds of one spectrum: the Gram matrix and its tridiagonal form. */
function workOf({ rows, columns }: Sides): number {
  const [less, more] = [Math.min(rows, columns), Math.max(rows, columns)];
  return (less * less * more) / 2 + (4 / 3) * less ** 3;
}

/** The weights whose spectra fit into so many multiply-adds together, the cheapest first. */
export function cheapSpectra(weights: readonly WeightSpec[], multiplyAdds: number): Set<WeightSpec> {
  const sized = weights.flatMap((weight) => {
    const sides = sidesOf(weight);
    return sides === undefined ? [] : [{ weight, work: workOf(sides) }];
  });
  let left = multiplyAdds;
  const cheap = sized.toSorted((a, b) => a.work - b.work).filter(({ work }) => (left -= work) >= 0);
  return new Set(cheap.map(({ weight }) => weight));
}

/**
 * Singular values of a weight as a matrix (all axes but the last × the last), to about 1e-7 of the largest: what lies below what the
 * Gram matrix resolves counts as 0. Undefined for weights that are no matrix and for values that are not finite.
 */
export function spectrumOf(weight: WeightSpec, values: Float32Array): Spectrum | undefined {
  const sides = sidesOf(weight);
  if (sides === undefined || !values.every(Number.isFinite)) return undefined;
  const size = Math.min(sides.rows, sides.columns);
  const form = tridiagonal(gram(values, sides), size);
  const bound = form.diagonal.reduce(
    (most, value, i) =>
      Math.max(most, Math.abs(value) + Math.abs(form.beside[i] ?? 0) + Math.abs(form.beside[i - 1] ?? 0)),
    0,
  );
  const resolved = bound * size * 4 * Number.EPSILON;
  const count = Math.min(size, KEPT);
  const kept = Array.from({ length: count }, (_, index) => {
    const rank = count === 1 ? 0 : Math.round((index / (count - 1)) * (size - 1));
    const value = eigenvalue(form, rank, bound);
    return value <= resolved ? 0 : Math.sqrt(value);
  });
  return { count: size, max: kept[0] ?? 0, min: kept.at(-1) ?? 0, values: kept };
}

/** WᵀW or WWᵀ, whichever is smaller, as a full symmetric matrix. */
function gram(values: Float32Array, { rows, columns }: Sides): Float64Array {
  const size = Math.min(rows, columns);
  const depth = Math.max(rows, columns);
  const wide = columns > rows;
  const vectors = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: depth }, (__, k) => values[wide ? i * columns + k : k * columns + i] ?? NaN),
  );
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const a = vectors[i]!;
    for (let j = 0; j <= i; j++) {
      const b = vectors[j]!;
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += a[k]! * b[k]!;
      product[i * size + j] = sum;
      product[j * size + i] = sum;
    }
  }
  return product;
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

/** Householder's reduction of a symmetric matrix, which it overwrites: the same eigenvalues. */
function tridiagonal(matrix: Float64Array, size: number): Tridiagonal {
  const beside = new Float64Array(Math.max(0, size - 1));
  const v = new Float64Array(size);
  const p = new Float64Array(size);
  for (let k = 0; k + 1 < size; k++) {
    let length = 0;
    for (let i = k + 1; i < size; i++) length = Math.hypot(length, matrix[i * size + k]!);
    const head = matrix[(k + 1) * size + k]!;
    const alpha = head > 0 ? -length : length;
    beside[k] = alpha;
    const scale = length * (length + Math.abs(head));
    if (scale === 0) continue;
    for (let i = k + 1; i < size; i++) v[i] = matrix[i * size + k]!;
    v[k + 1] = head - alpha;
    let along = 0;
    for (let i = k + 1; i < size; i++) {
      let sum = 0;
      const row = i * size;
      for (let j = k + 1; j < size; j++) sum += matrix[row + j]! * v[j]!;
      p[i] = sum / scale;
      along += p[i]! * v[i]!;
    }
    const half = along / (2 * scale);
    for (let i = k + 1; i < size; i++) p[i] = p[i]! - half * v[i]!;
    for (let i = k + 1; i < size; i++) {
      const [vi, pi, row] = [v[i]!, p[i]!, i * size];
      for (let j = k + 1; j < size; j++) matrix[row + j]! -= vi * p[j]! + pi * v[j]!;
    }
  }
  return { diagonal: Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!), beside };
}

/** Eigenvalues above x, by Sturm's sequence. */
function countAbove({ diagonal, beside }: Tridiagonal, x: number): number {
  let above = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const e = i === 0 ? 0 : beside[i - 1]!;
    pivot = diagonal[i]! - x - (e * e) / pivot;
    if (pivot === 0) pivot = Number.MIN_VALUE * 2 ** 60;
    if (pivot > 0) above++;
  }
  return above;
}

/** The eigenvalue of a rank, 0 the largest, by bisection of [0, bound]. */
function eigenvalue(form: Tridiagonal, rank: number, bound: number): number {
  let [low, high] = [0, bound];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (countAbove(form, middle) > rank) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
