import { at, madd, sum4 } from './simd';
import { addProduct } from './gemm';
import { openWorkspace, workspaceBytes } from './workspace';

/** Columns of a panel: enough for the updates to be matrix products, few enough for the panel itself not to matter. */
const PANEL: i32 = 32;

/** Bytes of scratch to orthogonalize `rows` × `columns`. */
export function orthogonalBytes(rows: i32, columns: i32): i32 {
  return workspaceBytes(0) + (columns * rows + columns * PANEL + 3 * PANEL * columns + columns) * 4 + 64;
}

@inline
function dot(a: usize, b: usize, n: i32): f32 {
  let s = f32x4.splat(0), t = s;
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    s = madd(v128.load(at(a, i)), v128.load(at(b, i)), s);
    t = madd(v128.load(at(a, i), 16), v128.load(at(b, i), 16), t);
  }
  let sum = sum4(f32x4.add(s, t));
  for (; i < n; i++) sum += load<f32>(at(a, i)) * load<f32>(at(b, i));
  return sum;
}

/** y += f·x */
@inline
function axpy(f: f32, x: usize, y: usize, n: i32): void {
  const factor = f32x4.splat(f);
  let i = 0;
  for (; i + 4 <= n; i += 4) v128.store(at(y, i), madd(factor, v128.load(at(x, i)), v128.load(at(y, i))));
  for (; i < n; i++) store<f32>(at(y, i), load<f32>(at(y, i)) + f * load<f32>(at(x, i)));
}

/**
 * Householder reflectors of the panel a [n, width] (row length `lda`) into v [width, n] (transposed: row j is reflector j, zeros before its leading 1), and the
 * triangular factor T with H₀·H₁·… = I − V·T·Vᵀ into t [width, PANEL], negated. `signs` gets the signs of R's diagonal.
 */
function panel(a: usize, lda: i32, n: i32, width: i32, v: usize, t: usize, signs: usize): void {
  for (let j = 0; j < width; j++) for (let i = 0; i < n; i++) store<f32>(at(v, j * n + i), load<f32>(at(a, i * lda + j)));
  for (let j = 0; j < width; j++) {
    const r = at(v, j * n);
    for (let i = 0; i < j; i++) store<f32>(at(r, i), 0);
    const x = at(r, j), m = n - j;
    const head = load<f32>(x), norm = <f32>sqrt<f64>(<f64>dot(x, x, m));
    const beta = head >= 0 ? -norm : norm;
    store<f32>(at(signs, j), beta < 0 || norm == 0 ? -1 : 1);
    let tau: f32 = 0;
    if (norm > 0) {
      tau = (beta - head) / beta;
      const scale: f32 = 1 / (head - beta);
      for (let i = 1; i < m; i++) store<f32>(at(x, i), load<f32>(at(x, i)) * scale);
    }
    store<f32>(x, 1);
    for (let c = j + 1; c < width; c++) {
      const y = at(v, c * n + j);
      axpy(-tau * dot(x, y, m), x, y, m);
    }
    for (let i = 0; i < j; i++) {
      let s: f32 = 0;
      for (let k = i; k < j; k++) s += load<f32>(at(t, i * PANEL + k)) * dot(at(v, k * n + j), x, m);
      store<f32>(at(t, i * PANEL + j), -tau * s);
    }
    store<f32>(at(t, j * PANEL + j), -tau);
    for (let c = 0; c < j; c++) store<f32>(at(t, j * PANEL + c), 0);
  }
}

/** b [n, columns] (row length `ldb`) becomes (I − V·T·Vᵀ)·b, or its transpose's product with `backwards`. */
function reflect(v: usize, t: usize, n: i32, width: i32, backwards: bool, b: usize, ldb: i32, columns: i32, work: usize): void {
  if (columns == 0) return;
  const w = work, u = at(work, PANEL * columns);
  memory.fill(w, 0, <usize>(2 * PANEL * columns) << 2);
  addProduct(width, columns, n, v, n, false, b, ldb, false, w, columns);
  addProduct(width, columns, width, t, PANEL, backwards, w, columns, false, u, columns);
  addProduct(n, columns, width, v, n, true, u, columns, false, b, ldb);
}

/**
 * q [rows, columns] = the Q of a = QR with a positive diagonal of R (rows ≥ columns), by Householder reflections in panels (compact WY form, Schreiber and
 * Van Loan 1989) whose updates are matrix products. a is overwritten.
 */
export function orthogonalize(a: usize, rows: i32, columns: i32, q: usize, scratch: usize): void {
  openWorkspace(scratch);
  const v = scratch + workspaceBytes(0), t = at(v, columns * rows), signs = at(t, columns * PANEL), work = at(signs, columns);
  let p = v;
  for (let k = 0; k < columns; k += PANEL) {
    const width = min(PANEL, columns - k), n = rows - k;
    panel(at(a, k * columns + k), columns, n, width, p, at(t, k * PANEL), at(signs, k));
    reflect(p, at(t, k * PANEL), n, width, true, at(a, k * columns + k + width), columns, columns - k - width, work);
    p = at(p, width * n);
  }
  memory.fill(q, 0, <usize>(rows * columns) << 2);
  for (let k = 0; k < columns; k++) store<f32>(at(q, k * columns + k), load<f32>(at(signs, k)));
  for (let k = ((columns - 1) / PANEL) * PANEL; k >= 0; k -= PANEL) {
    const width = min(PANEL, columns - k), n = rows - k;
    p -= <usize>(width * n) << 2;
    reflect(p, at(t, k * PANEL), n, width, false, at(q, k * columns + k), columns, columns - k, work);
  }
}

/** out = factor·q, transposed if asked; q [rows, columns]. */
export function scaleInto(q: usize, rows: i32, columns: i32, factor: f32, transposed: i32, out: usize): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      store<f32>(at(out, transposed ? c * rows + r : r * columns + c), factor * load<f32>(at(q, r * columns + c)));
    }
  }
}
