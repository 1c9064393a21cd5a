import { at, madd } from './simd';
import { KC, MC, MR, NC, NR, ROW, openWorkspace, panelA, panelB, rows, tile } from './workspace';
import { packColumns, packFilter, packPixels, packPlaced, packPlain, packRows, packTaps, packTransposed } from './pack';
import { isNarrow, narrowBlocks } from './narrow';
import { placePixels } from './pixels';

/** How A and B are read (docs/kernels.md): one loop serves matmul and every direction of a convolution. */
export const A_ROWS: i32 = 0;
export const A_COLUMNS: i32 = 1;
export const A_PIXELS: i32 = 2;
export const A_TAPS: i32 = 3;
export const B_PLAIN: i32 = 0;
export const B_TRANSPOSED: i32 = 1;
export const B_FILTER: i32 = 2;
/** Rows of B lie where pixels.ts places them. */
export const B_PIXELS: i32 = 4;
/** B is what `packOperand` made: for a matrix that several products share. */
const B_PACKED: i32 = 3;

let bias: usize = 0;
let adding: bool = false;
let low: f32 = -Infinity;
let high: f32 = Infinity;

/** What is added to and clamps every finished row of C: biases at `at` (0: none), then [from, to]. */
export function setEpilogue(at: usize, from: f32, to: f32): void {
  bias = at;
  low = from;
  high = to;
}

/** From here on products are added to C (or no longer). */
export function setAdding(on: bool): void {
  adding = on;
}

@inline
function put(c: usize, x: v128, y: v128, more: bool, last: bool, q: usize): void {
  if (more) {
    x = f32x4.add(v128.load(c), x);
    y = f32x4.add(v128.load(c, 16), y);
  }
  if (last) {
    if (q) {
      x = f32x4.add(x, v128.load(q));
      y = f32x4.add(y, v128.load(q, 16));
    }
    x = f32x4.max(f32x4.splat(low), f32x4.min(f32x4.splat(high), x));
    y = f32x4.max(f32x4.splat(low), f32x4.min(f32x4.splat(high), y));
  }
  v128.store(c, x);
  v128.store(c, y, 16);
}

function putEdge(row: usize, o: usize, mr: i32, nr: i32, more: bool, last: bool, q: usize): void {
  for (let i = 0; i < mr; i++) {
    const c = <usize>load<u32>(row + <usize>(i * ROW), 16) + o;
    for (let j = 0; j < nr; j++) {
      let v = load<f32>(at(tile, i * NR + j));
      if (more) v += load<f32>(at(c, j));
      if (last) {
        if (q) v += load<f32>(at(q, j));
        v = max(low, min(high, v));
      }
      store<f32>(at(c, j), v);
    }
  }
}

/** One MR × NR tile over depth k; its rows of C are named by the row entries at `row`, its columns begin `o` bytes into them. */
function micro(k: i32, a: usize, b: usize, row: usize, o: usize, mr: i32, nr: i32, more: bool, last: bool, q: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const x = v128.load32_splat(a), y = v128.load32_splat(a, 4), z = v128.load32_splat(a, 8), w = v128.load32_splat(a, 12);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c10 = madd(y, b0, c10);
    c11 = madd(y, b1, c11);
    c20 = madd(z, b0, c20);
    c21 = madd(z, b1, c21);
    c30 = madd(w, b0, c30);
    c31 = madd(w, b1, c31);
    a += 16;
    b += 32;
  }
  if (mr == MR && nr == NR) {
    put(<usize>load<u32>(row, 16) + o, c00, c01, more, last, q);
    put(<usize>load<u32>(row, ROW + 16) + o, c10, c11, more, last, q);
    put(<usize>load<u32>(row, 2 * ROW + 16) + o, c20, c21, more, last, q);
    put(<usize>load<u32>(row, 3 * ROW + 16) + o, c30, c31, more, last, q);
    return;
  }
  const s = tile;
  v128.store(s, c00);
  v128.store(s, c01, 16);
  v128.store(s, c10, 32);
  v128.store(s, c11, 48);
  v128.store(s, c20, 64);
  v128.store(s, c21, 80);
  v128.store(s, c30, 96);
  v128.store(s, c31, 112);
  putEdge(row, o, mr, nr, more, last, q);
}

/** Depth of the blocks into which K is divided evenly. */
@inline
function depthOf(K: i32): i32 {
  const parts = (K + KC - 1) / KC;
  return ((K + parts - 1) / parts + 3) & -4;
}

/** Floats of a packed block of B of this depth. */
@inline
function packedSize(kc: i32, nc: i32): i32 {
  return kc * ((nc + NR - 1) & -NR);
}

/** Bytes that `packOperand` fills. */
export function packedBytes(K: i32, N: i32): i32 {
  return packedSize(K, N) * 4;
}

/** Packs all blocks of B [K, N] (or [N, K] if `transposed`), row length `ldb`, in the order in which `blocks` walks them. */
export function packOperand(K: i32, N: i32, B: usize, ldb: i32, transposed: bool, out: usize): void {
  const depth = depthOf(K);
  for (let jc = 0; jc < N; jc += NC) {
    const nc = min(NC, N - jc);
    for (let kk = 0; kk < K; kk += depth) {
      const kc = min(depth, K - kk);
      if (transposed) packTransposed(B, ldb, kk, kc, jc, nc, out);
      else packPlain(B, ldb, kk, kc, jc, nc, out);
      out = at(out, packedSize(kc, nc));
    }
  }
}

function placeRows(c: usize, ldc: i32, first: i32, count: i32): void {
  for (let i = 0; i < count; i++) store<u32>(rows + <usize>(i * ROW), <u32>at(c, (first + i) * ldc), 16);
}

/**
 * C[M, N] = A[M, K]·B[K, N], the row length of C being `ldc` (with A_PIXELS the rows of C lie where pixels.ts places them). `unit` is the
 * number of channels per tap where a mode has taps. The workspace is open. K ≥ 1.
 */
export function blocks(M: i32, N: i32, K: i32, A: usize, lda: i32, modeA: i32, B: usize, ldb: i32, modeB: i32, C: usize, ldc: i32, unit: i32): void {
  if (modeA == A_PIXELS && isNarrow(M, N, K, unit)) {
    narrowBlocks(M, N, K, B, ldb, modeB == B_PLAIN, unit, bias, low, high);
    return;
  }
  const depth = depthOf(K);
  const isPlain = !bias && low == -Infinity && high == Infinity;
  let panel = modeB == B_PACKED ? B : panelB;
  for (let jc = 0; jc < N; jc += NC) {
    const nc = min(NC, N - jc);
    for (let kk = 0; kk < K; kk += depth) {
      const kc = min(depth, K - kk);
      const more = adding || kk > 0, last = !isPlain && kk + kc == K;
      if (modeB == B_PLAIN) packPlain(B, ldb, kk, kc, jc, nc, panel);
      else if (modeB == B_TRANSPOSED) packTransposed(B, ldb, kk, kc, jc, nc, panel);
      else if (modeB == B_PIXELS) {
        placePixels(kk, kc);
        packPlaced(kc, jc, nc, panel);
      } else if (modeB == B_FILTER) packFilter(B, ldb, unit, kk, kc, jc, nc, panel);
      for (let ii = 0; ii < M; ii += MC) {
        const mc = min(MC, M - ii);
        if (modeA == A_PIXELS) {
          placePixels(ii, mc);
          packPixels(unit, mc, kk, kc);
        } else {
          if (modeA == A_TAPS) {
            if (unit & 3) placePixels(kk, kc);
            packTaps(unit, ii, mc, kk, kc);
          } else if (modeA == A_ROWS) packRows(A, lda, ii, mc, kk, kc);
          else packColumns(A, lda, ii, mc, kk, kc);
          placeRows(C, ldc, ii, mc);
        }
        for (let j = 0; j < nc; j += NR) {
          const q = bias ? at(bias, jc + j) : 0;
          for (let i = 0; i < mc; i += MR) {
            micro(kc, at(panelA, i * kc), at(panel, j * kc), rows + <usize>(i * ROW), <usize>(jc + j) << 2, min(MR, mc - i), min(NR, nc - j), more, last, q);
          }
        }
      }
      if (modeB == B_PACKED) panel = at(panel, packedSize(kc, nc));
    }
  }
}

/**
 * C[M, N] = clamp(A·B + bias) with row lengths lda, ldb, ldc; A is stored [M, K], or [K, M] if `transposeA`; B [K, N], or [N, K] if
 * `transposeB`. `biasAt` 0 means none. An empty product (K = 0) gives zeros.
 */
export function matmul(
  M: i32, N: i32, K: i32, A: usize, lda: i32, transposeA: i32, B: usize, ldb: i32, transposeB: i32, C: usize, ldc: i32,
  biasAt: usize, from: f32, to: f32, workspace: usize,
): void {
  openWorkspace(workspace);
  setEpilogue(biasAt, from, to);
  blocks(M, N, K, A, lda, transposeA ? A_COLUMNS : A_ROWS, B, ldb, transposeB ? B_TRANSPOSED : B_PLAIN, C, ldc, 1);
}

/** C += A·B, otherwise as `matmul` without bias and clamp; the workspace is open. */
export function addProduct(
  M: i32, N: i32, K: i32, A: usize, lda: i32, transposeA: bool, B: usize, ldb: i32, transposeB: bool, C: usize, ldc: i32,
): void {
  setEpilogue(0, -Infinity, Infinity);
  adding = true;
  blocks(M, N, K, A, lda, transposeA ? A_COLUMNS : A_ROWS, B, ldb, transposeB ? B_TRANSPOSED : B_PLAIN, C, ldc, 1);
  adding = false;
}

/** C += A·B with a B that `packOperand` packed; A has the row length `lda`; the workspace is open. */
export function addPacked(M: i32, N: i32, K: i32, A: usize, lda: i32, packed: usize, C: usize, ldc: i32): void {
  setEpilogue(0, -Infinity, Infinity);
  adding = true;
  blocks(M, N, K, A, lda, A_ROWS, packed, 0, B_PACKED, C, ldc, 1);
  adding = false;
}
