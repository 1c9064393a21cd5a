import { type PhiloxKey } from './philox.ts';
import { normal } from './reference.ts';

/** Reflects columns `from …` of `a` (rows × columns) by I − v·vᵀ·2/(vᵀv), v living on rows `top …`. */
function reflect(
  a: Float64Array,
  rows: number,
  columns: number,
  v: Float64Array,
  top: number,
  from: number,
): void {
  let square = 0;
  for (let i = top; i < rows; i++) square += v[i]! * v[i]!;
  if (square === 0) return;
  const dots = new Float64Array(columns);
  for (let i = top; i < rows; i++) {
    for (let j = from; j < columns; j++) dots[j]! += v[i]! * a[i * columns + j]!;
  }
  for (let i = top; i < rows; i++) {
    const factor = (2 * v[i]!) / square;
    for (let j = from; j < columns; j++) a[i * columns + j]! -= factor * dots[j]!;
  }
}

/**
 * The Q (rows × columns, row-major, rows ≥ columns) of A = QR with a positive diagonal of R, by Householder reflections in float64.
 * A column that is a combination of earlier ones still gets an orthonormal direction.
 */
export function orthonormalColumns(matrix: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const a = Float64Array.from(matrix);
  const reflectors: Float64Array[] = [];
  const signs: number[] = [];
  for (let k = 0; k < columns; k++) {
    const v = new Float64Array(rows);
    let square = 0;
    for (let i = k; i < rows; i++) {
      v[i] = a[i * columns + k]!;
      square += v[i]! * v[i]!;
    }
    const sign = v[k]! >= 0 ? 1 : -1;
    v[k]! += sign * Math.sqrt(square);
    reflect(a, rows, columns, v, k, k);
    reflectors.push(v);
    signs.push(-sign);
  }
  const q = new Float64Array(rows * columns);
  for (let k = 0; k < columns; k++) q[k * columns + k] = signs[k]!;
  for (let k = columns - 1; k >= 0; k--) reflect(q, rows, columns, reflectors[k]!, k, k);
  return q;
}

/**
 * Fills `out` (rows × columns, row-major) with gain times an orthogonal draw of the key's stream: orthonormal columns when
 * rows ≥ columns, orthonormal rows otherwise. The float64 reference of the kernel; `docs/generator.md` specifies it.
 */
export function orthogonal(
  out: Float32Array,
  key: PhiloxKey,
  rows: number,
  columns: number,
  gain: number,
): void {
  const tall = Math.max(rows, columns);
  const narrow = Math.min(rows, columns);
  const draws = new Float32Array(tall * narrow);
  normal(draws, key, 0, 1);
  const q = orthonormalColumns(draws, tall, narrow);
  for (let i = 0; i < tall; i++) {
    for (let j = 0; j < narrow; j++)
      out[rows < columns ? j * columns + i : i * columns + j] = gain * q[i * narrow + j]!;
  }
}
