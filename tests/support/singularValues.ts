/**
 * Singular values of a square matrix (row-major), largest first, by one-sided Jacobi rotations of its columns: each to a relative
 * error of about 1e-12, unless the columns are so nearly dependent that the matrix itself has lost them.
 */
export function singularValues(matrix: ArrayLike<number>, size: number): number[] {
  const columns = Array.from({ length: size }, (_, column) =>
    Float64Array.from({ length: size }, (__, row) => matrix[row * size + column] ?? NaN),
  );
  for (let sweep = 0; sweep < 30; sweep += 1) {
    let rotated = 0;
    for (let p = 0; p < size - 1; p += 1) {
      for (let q = p + 1; q < size; q += 1) rotated += rotate(columns[p]!, columns[q]!) ? 1 : 0;
    }
    if (rotated === 0) break;
  }
  return columns.map((column) => Math.hypot(...column)).sort((a, b) => b - a);
}

/** Makes two columns orthogonal; false when they were. */
function rotate(a: Float64Array, b: Float64Array): boolean {
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
    ab += a[i]! * b[i]!;
  }
  if (Math.abs(ab) <= 1e-13 * Math.sqrt(aa * bb)) return false;
  const zeta = (bb - aa) / (2 * ab);
  const t = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = c * t;
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i]!, b[i]!];
    a[i] = c * x - s * y;
    b[i] = s * x + c * y;
  }
  return true;
}

/** The product of two square matrices (row-major). */
export function matrixProduct(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < size; k += 1) {
      const scale = a[i * size + k]!;
      for (let j = 0; j < size; j += 1) out[i * size + j]! += scale * b[k * size + j]!;
    }
  }
  return out;
}
