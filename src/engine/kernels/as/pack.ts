import { at } from './simd';
import { LINE, MR, NR, ROW, TAP, lines, panelA, rows, taps, zeros } from './workspace';
import { copyRun, packChannels, pixelAt, run, runAt } from './pixels';

/** Interleaves four rows of n floats: element p of row r goes to `d + p·step + 4·r` (a 4 × 4 transpose at a time). */
@inline
function weave(s0: usize, s1: usize, s2: usize, s3: usize, n: i32, d: usize, step: usize): void {
  let p = 0;
  for (; p + 4 <= n; p += 4) {
    const a = v128.load(s0);
    const b = v128.load(s1);
    const c = v128.load(s2);
    const e = v128.load(s3);
    const t0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(c, e, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(c, e, 2, 6, 3, 7);
    v128.store(d, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
    v128.store(d + step, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
    v128.store(d + 2 * step, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
    v128.store(d + 3 * step, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
    s0 += 16;
    s1 += 16;
    s2 += 16;
    s3 += 16;
    d += 4 * step;
  }
  for (; p < n; p++) {
    store<f32>(d, load<f32>(s0));
    store<f32>(d, load<f32>(s1), 4);
    store<f32>(d, load<f32>(s2), 8);
    store<f32>(d, load<f32>(s3), 12);
    s0 += 4;
    s1 += 4;
    s2 += 4;
    s3 += 4;
    d += step;
  }
}

/** A stored [M, K] with row length `lda`: rows i0 … of depth k0 … into panels of MR. */
export function packRows(a: usize, lda: i32, i0: i32, m: i32, k0: i32, kc: i32): void {
  let d = panelA;
  const line = <usize>lda << 2;
  for (let i = 0; i < m; i += MR) {
    const s = at(a, (i0 + i) * lda + k0);
    weave(s, i + 1 < m ? s + line : zeros, i + 2 < m ? s + 2 * line : zeros, i + 3 < m ? s + 3 * line : zeros, kc, d, 16);
    d += <usize>kc << 4;
  }
}

/** A stored [K, M] with row length `lda` (the transposed operand). Four panels at a time read a whole cache line of each row. */
export function packColumns(a: usize, lda: i32, i0: i32, m: i32, k0: i32, kc: i32): void {
  let d = panelA;
  const line = <usize>lda << 2, panel = <usize>kc << 4;
  let i = 0;
  for (; i + 4 * MR <= m; i += 4 * MR) {
    let s = at(a, k0 * lda + i0 + i), q = d;
    for (let p = 0; p < kc; p++) {
      v128.store(q, v128.load(s));
      v128.store(q + panel, v128.load(s, 16));
      v128.store(q + 2 * panel, v128.load(s, 32));
      v128.store(q + 3 * panel, v128.load(s, 48));
      q += 16;
      s += line;
    }
    d += 4 * panel;
  }
  for (; i < m; i += MR) {
    let s = at(a, k0 * lda + i0 + i);
    const left = m - i;
    for (let p = 0; p < kc; p++) {
      if (left >= MR) v128.store(d, v128.load(s));
      else for (let r = 0; r < MR; r++) store<f32>(at(d, r), r < left ? load<f32>(at(s, r)) : 0);
      d += 16;
      s += line;
    }
  }
}

/** Rows of the grid (see pixels.ts), depth = (tap, channel) with `channels` per tap: im2col, made one block at a time. */
export function packPixels(channels: i32, m: i32, k0: i32, kc: i32): void {
  let d = panelA;
  const width = channels * run;
  const spot: usize = LINE * 4;
  for (let i = 0; i < m; i += MR) {
    const row = rows + <usize>(i * ROW);
    let c = k0 % width;
    let tap = taps + <usize>((k0 / width) * run * TAP);
    for (let k = 0; k < kc; ) {
      const n = min(width - c, kc - k);
      const o = <usize>c << 2;
      if (run == 1)
        weave(
          pixelAt(row, tap, zeros - o) + o,
          pixelAt(row + ROW, tap, zeros - o) + o,
          pixelAt(row + 2 * ROW, tap, zeros - o) + o,
          pixelAt(row + 3 * ROW, tap, zeros - o) + o,
          n, d, 16,
        );
      else
        weave(
          runAt(row, tap, channels, zeros - o, lines) + o,
          runAt(row + ROW, tap, channels, zeros - o, lines + spot) + o,
          runAt(row + 2 * ROW, tap, channels, zeros - o, lines + 2 * spot) + o,
          runAt(row + 3 * ROW, tap, channels, zeros - o, lines + 3 * spot) + o,
          n, d, 16,
        );
      d += <usize>n << 4;
      k += n;
      c = 0;
      tap += run * TAP;
    }
  }
}

/** One row of im2col: floats i0 … i0 + m of (tap, channel) of row entry `row`, zeros up to a multiple of four. */
function layRow(row: usize, channels: i32, i0: i32, m: i32, out: usize): void {
  const width = channels * run;
  let c = i0 % width;
  let tap = taps + <usize>((i0 / width) * run * TAP);
  for (let i = 0; i < m; ) {
    const n = min(width - c, m - i);
    copyRun(row, tap, channels, c, n, at(out, i));
    i += n;
    c = 0;
    tap += run * TAP;
  }
  for (let i = m; i & (MR - 1); i++) store<f32>(at(out, i), 0);
}

/** Rows = (tap, channel), depth = rows of the grid: im2col transposed, for the filter gradient; four rows of the grid fill a cache line of each panel. */
export function packTaps(channels: i32, i0: i32, m: i32, k0: i32, kc: i32): void {
  if (channels % MR == 0) {
    for (let i = 0; i < m; i += MR) {
      const r = i0 + i;
      packChannels(taps + <usize>((r / channels) * TAP), r % channels, k0, kc, panelA + (<usize>(i * kc) << 2));
    }
    return;
  }
  for (let p = 0; p < kc; p += 4) {
    const n = min(4, kc - p);
    for (let q = 0; q < n; q++) layRow(rows + <usize>((p + q) * ROW), channels, i0, m, at(lines, q * LINE));
    for (let r = 0; r < m; r += MR) {
      const d = at(panelA, r * kc + p * MR);
      for (let q = 0; q < n; q++) v128.store(d + (<usize>q << 4), v128.load(at(lines, q * LINE + r)));
    }
  }
}

/** B stored [K, N] with row length `ldb`: columns j0 … into panels of NR at d, four panels (two cache lines of each row) at a time. */
export function packPlain(b: usize, ldb: i32, k0: i32, kc: i32, j0: i32, n: i32, d: usize): void {
  const line = <usize>ldb << 2, panel = <usize>kc << 5;
  let j = 0;
  for (; j + 4 * NR <= n; j += 4 * NR) {
    let s = at(b, k0 * ldb + j0 + j), q = d;
    for (let p = 0; p < kc; p++) {
      v128.store(q, v128.load(s));
      v128.store(q, v128.load(s, 16), 16);
      v128.store(q + panel, v128.load(s, 32));
      v128.store(q + panel, v128.load(s, 48), 16);
      v128.store(q + 2 * panel, v128.load(s, 64));
      v128.store(q + 2 * panel, v128.load(s, 80), 16);
      v128.store(q + 3 * panel, v128.load(s, 96));
      v128.store(q + 3 * panel, v128.load(s, 112), 16);
      q += 32;
      s += line;
    }
    d += 4 * panel;
  }
  for (; j < n; j += NR) {
    let s = at(b, k0 * ldb + j0 + j);
    const left = n - j;
    for (let p = 0; p < kc; p++) {
      if (left >= NR) {
        v128.store(d, v128.load(s));
        v128.store(d, v128.load(s, 16), 16);
      } else for (let r = 0; r < NR; r++) store<f32>(at(d, r), r < left ? load<f32>(at(s, r)) : 0);
      d += 32;
      s += line;
    }
  }
}

/** B = the rows of C that the row table names, `kc` of them: columns j0 … into panels of NR at d. */
export function packPlaced(kc: i32, j0: i32, n: i32, d: usize): void {
  for (let j = 0; j < n; j += NR) {
    const left = n - j;
    for (let p = 0; p < kc; p++) {
      const s = at(<usize>load<u32>(rows + <usize>(p * ROW), 16), j0 + j);
      if (left >= NR) {
        v128.store(d, v128.load(s));
        v128.store(d, v128.load(s, 16), 16);
      } else for (let r = 0; r < NR; r++) store<f32>(at(d, r), r < left ? load<f32>(at(s, r)) : 0);
      d += 32;
    }
  }
}

@inline
function weaveColumns(s: usize, line: usize, left: i32, n: i32, d: usize): void {
  weave(s, left > 1 ? s + line : zeros, left > 2 ? s + 2 * line : zeros, left > 3 ? s + 3 * line : zeros, n, d, 32);
  if (left > 4) {
    s += 4 * line;
    weave(s, left > 5 ? s + line : zeros, left > 6 ? s + 2 * line : zeros, left > 7 ? s + 3 * line : zeros, n, d + 16, 32);
  } else weave(zeros, zeros, zeros, zeros, n, d + 16, 32);
}

/** B stored [N, K] with row length `ldb` (the transposed operand). */
export function packTransposed(b: usize, ldb: i32, k0: i32, kc: i32, j0: i32, n: i32, d: usize): void {
  for (let j = 0; j < n; j += NR) {
    weaveColumns(at(b, (j0 + j) * ldb + k0), <usize>ldb << 2, n - j, kc, d);
    d += <usize>kc << 5;
  }
}

/** B = filter of a convolution read for its input gradient: depth = (tap, output channel), columns = input channels of pitch `ldb`. */
export function packFilter(b: usize, ldb: i32, outputs: i32, k0: i32, kc: i32, j0: i32, n: i32, d: usize): void {
  for (let j = 0; j < n; j += NR) {
    let c = k0 % outputs;
    let tap = taps + <usize>((k0 / outputs) * TAP);
    for (let k = 0; k < kc; ) {
      const run = min(outputs - c, kc - k);
      weaveColumns(at(b + load<u32>(tap, 16), (j0 + j) * ldb + c), <usize>ldb << 2, n - j, run, d);
      d += <usize>run << 5;
      k += run;
      c = 0;
      tap += TAP;
    }
  }
}
