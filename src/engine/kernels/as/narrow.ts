import { at, madd, sum4 } from './simd';
import { KC, MC, NC, NR, ROW, TAP, panelB, rows, taps, zeros } from './workspace';
import { pixelAt, placePixels } from './pixels';

/**
 * Convolutions to one to six channels. A tile of the general loop would hold columns of zeros, and packing A costs more than the products. Here the lanes run along
 * the depth and pixels are read where they lie: three pixels by three channels, nine sums, six loads for nine multiply-adds.
 */

/** Columns at most. */
const MOST: i32 = 6;
/** Pixels and columns at a time. */
const SIDE: i32 = 3;
/** Pixels that are placed at a time. */
const PIXELS: i32 = MC - (MC % SIDE);
/** Fewer pixels do not pay for the filter's transposition. */
const FEWEST_PIXELS: i32 = 24;

/** Whether the rows of a convolution of depth K, `unit` channels a tap, go this way. */
export function isNarrow(pixels: i32, columns: i32, K: i32, unit: i32): bool {
  return columns <= MOST && unit % 4 == 0 && unit >= 8 && pixels >= FEWEST_PIXELS && (MOST + SIDE) * K <= (NC + NR) * KC;
}

/** Lays the columns of B [K, N] (`plain`), or of the filter read for the input gradient, one after the other, and columns of zeros up to a multiple of three. */
function layColumns(b: usize, ldb: i32, plain: bool, K: i32, unit: i32, N: i32): void {
  memory.fill(at(panelB, N * K), 0, <usize>(SIDE * K) << 2);
  for (let k = 0; k < K; k++) {
    const tap = taps + <usize>((k / unit) * TAP);
    const from = plain ? at(b, k * ldb) : at(b + load<u32>(tap, 16), k % unit);
    const step = plain ? 1 : ldb;
    for (let j = 0; j < N; j++) store<f32>(at(panelB, j * K + k), load<f32>(at(from, j * step)));
  }
}

@inline
function targetOf(row: usize, column: i32): usize {
  return at(<usize>load<u32>(row, 16), column);
}

@inline
function put(c: usize, N: i32, x: f32, y: f32, z: f32, bias: usize, low: f32, high: f32): void {
  store<f32>(c, max(low, min(high, bias ? x + load<f32>(bias) : x)));
  if (N > 1) store<f32>(c, max(low, min(high, bias ? y + load<f32>(bias, 4) : y)), 4);
  if (N > 2) store<f32>(c, max(low, min(high, bias ? z + load<f32>(bias, 8) : z)), 8);
}

/** Columns `first` … `first` + N ≤ 3 of the three pixels of the row entries from `row` on, `count` of which exist. */
function threePixels(row: usize, count: i32, first: i32, N: i32, K: i32, unit: i32, bias: usize, low: f32, high: f32): void {
  let s00 = f32x4.splat(0);
  let s01 = s00, s02 = s00, s10 = s00, s11 = s00, s12 = s00, s20 = s00, s21 = s00, s22 = s00;
  const line = <usize>K << 2;
  let f = panelB + <usize>first * line;
  const stop = f + line;
  for (let tap = taps; f < stop; tap += TAP) {
    for (let from = 0; from < unit; from += KC) {
      const o = <usize>from << 2;
      let x = pixelAt(row, tap, zeros - o) + o, y = pixelAt(row + ROW, tap, zeros - o) + o, z = pixelAt(row + 2 * ROW, tap, zeros - o) + o;
      for (const end = f + (<usize>min(KC, unit - from) << 2); f < end; f += 16) {
        const a = v128.load(f), b = v128.load(f + line), c = v128.load(f + 2 * line);
        let v = v128.load(x);
        s00 = madd(v, a, s00);
        s01 = madd(v, b, s01);
        s02 = madd(v, c, s02);
        v = v128.load(y);
        s10 = madd(v, a, s10);
        s11 = madd(v, b, s11);
        s12 = madd(v, c, s12);
        v = v128.load(z);
        s20 = madd(v, a, s20);
        s21 = madd(v, b, s21);
        s22 = madd(v, c, s22);
        x += 16;
        y += 16;
        z += 16;
      }
    }
  }
  const biases = bias ? at(bias, first) : 0;
  put(targetOf(row, first), N, sum4(s00), sum4(s01), sum4(s02), biases, low, high);
  if (count > 1) put(targetOf(row + ROW, first), N, sum4(s10), sum4(s11), sum4(s12), biases, low, high);
  if (count > 2) put(targetOf(row + 2 * ROW, first), N, sum4(s20), sum4(s21), sum4(s22), biases, low, high);
}

/** `blocks` of gemm.ts for rows that are pixels, where `isNarrow`; B as `B_PLAIN` (`plain`) or `B_FILTER`. */
export function narrowBlocks(M: i32, N: i32, K: i32, B: usize, ldb: i32, plain: bool, unit: i32, bias: usize, low: f32, high: f32): void {
  layColumns(B, ldb, plain, K, unit, N);
  for (let ii = 0; ii < M; ii += PIXELS) {
    const count = min(PIXELS, M - ii);
    placePixels(ii, count);
    for (let i = 0; i < count; i += SIDE)
      for (let j = 0; j < N; j += SIDE) threePixels(rows + <usize>(i * ROW), count - i, j, min(SIDE, N - j), K, unit, bias, low, high);
  }
}
