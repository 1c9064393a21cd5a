import { LAST, MULTIPLIER0, MULTIPLIER1, WORDS, writeConstants } from './drawConstants';
import { normals, truncated, uniforms } from './laws';

/**
 * The generator of docs/generator.md, thirty-two elements (eight Philox blocks) at a time. Words are the specified bits, laws.ts makes them values, so both builds draw
 * the same numbers. Constants are read from scratch memory: V8 builds a constant vector anew at every use, and the module may hold no data.
 */

/** Writes the words of blocks b … b + 7, two groups of four at once: word w of a group's blocks lies at WORDS + 64·group + 16·w. */
function philox(p: usize, k0: u32, k1: u32, block: u64): void {
  const m0 = v128.load32_splat(p + MULTIPLIER0), m1 = v128.load32_splat(p + MULTIPLIER1);
  let c0 = i32x4.add(i32x4.splat(<u32>block), i32x4(0, 1, 2, 3)), d0 = i32x4.add(c0, i32x4.splat(4));
  let c1 = i32x4.splat(<u32>(block >> 32)), d1 = c1;
  let c2 = i32x4.splat(0), c3 = c2, d2 = c2, d3 = c2;
  for (let round = 0; round < 10; round++) {
    const e0 = i32x4.splat(k0), e1 = i32x4.splat(k1);
    let x0 = i64x2.extmul_low_i32x4_u(c0, m0), x1 = i64x2.extmul_high_i32x4_u(c0, m0);
    let y0 = i64x2.extmul_low_i32x4_u(c2, m1), y1 = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.shuffle<i32>(y0, y1, 1, 3, 5, 7), v128.xor(c1, e0));
    c2 = v128.xor(v128.shuffle<i32>(x0, x1, 1, 3, 5, 7), v128.xor(c3, e1));
    c1 = v128.shuffle<i32>(y0, y1, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(x0, x1, 0, 2, 4, 6);
    x0 = i64x2.extmul_low_i32x4_u(d0, m0);
    x1 = i64x2.extmul_high_i32x4_u(d0, m0);
    y0 = i64x2.extmul_low_i32x4_u(d2, m1);
    y1 = i64x2.extmul_high_i32x4_u(d2, m1);
    d0 = v128.xor(v128.shuffle<i32>(y0, y1, 1, 3, 5, 7), v128.xor(d1, e0));
    d2 = v128.xor(v128.shuffle<i32>(x0, x1, 1, 3, 5, 7), v128.xor(d3, e1));
    d1 = v128.shuffle<i32>(y0, y1, 0, 2, 4, 6);
    d3 = v128.shuffle<i32>(x0, x1, 0, 2, 4, 6);
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  v128.store(p + WORDS, c0);
  v128.store(p + WORDS, c1, 16);
  v128.store(p + WORDS, c2, 32);
  v128.store(p + WORDS, c3, 48);
  v128.store(p + WORDS, d0, 64);
  v128.store(p + WORDS, d1, 80);
  v128.store(p + WORDS, d2, 96);
  v128.store(p + WORDS, d3, 112);
}

/** Stores element j of block b at out + 16·b + 4·j from vectors that hold element j of four blocks. */
@inline
function storeBlocks(out: usize, e0: v128, e1: v128, e2: v128, e3: v128): void {
  const t0 = v128.shuffle<f32>(e0, e1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(e0, e1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(e2, e3, 0, 4, 1, 5), t3 = v128.shuffle<f32>(e2, e3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(out, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 16);
  v128.store(out, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 32);
  v128.store(out, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 48);
}

/** The sixteen elements of the four blocks whose words lie at `words`. */
function sixteen(p: usize, law: i32, words: usize, shift: v128, scale: v128, out: usize): void {
  const w0 = v128.load(words), w1 = v128.load(words, 16), w2 = v128.load(words, 32), w3 = v128.load(words, 48);
  if (law == 1) {
    normals(p, w0, w1, shift, scale, out);
    normals(p, w2, w3, shift, scale, out + 8);
  } else if (law == 0) {
    storeBlocks(out, uniforms(p, w0, shift, scale), uniforms(p, w1, shift, scale), uniforms(p, w2, shift, scale), uniforms(p, w3, shift, scale));
  } else {
    storeBlocks(out, truncated(p, w0, shift, scale), truncated(p, w1, shift, scale), truncated(p, w2, shift, scale), truncated(p, w3, shift, scale));
  }
}

/**
 * Fills `count` float32 at `out` with elements 0 … of the stream of key (k0, k1): shift + scale·(0: uniform on (0, 1); 1: standard normal; 2: standard normal
 * truncated at ±2).
 */
export function draw(law: i32, k0: u32, k1: u32, shift: f64, scale: f64, out: usize, count: i32, scratch: usize): void {
  writeConstants(scratch);
  const a = f64x2.splat(shift), b = f64x2.splat(scale);
  let block: u64 = 0;
  for (let left = count; left > 0; left -= 32) {
    philox(scratch, k0, k1, block);
    const to = left >= 32 ? out : scratch + LAST;
    sixteen(scratch, law, scratch + WORDS, a, b, to);
    sixteen(scratch, law, scratch + WORDS + 64, a, b, to + 64);
    if (left < 32) memory.copy(out, to, <usize>left << 2);
    block += 8;
    out += 128;
  }
}
