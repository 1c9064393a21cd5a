import {
  BELOW,
  BIAS,
  BOTTOM,
  constant,
  COS,
  EXPONENT,
  HALF,
  LAST,
  LN2,
  LOG,
  LOWEST,
  MAGIC,
  MAGIC_EXPONENT,
  MAGIC_WORD,
  MASS,
  MINUS_TWO,
  MULTIPLIER0,
  MULTIPLIER1,
  ONE,
  ROUND,
  SIGN,
  SIN,
  SQRT_HALF,
  TOP,
  TURN,
  UNIT,
  WORDS,
  writeConstants,
} from './drawConstants';

/**
 * The generator of docs/generator.md, thirty-two elements (eight Philox blocks) at a time. Words are the specified bits; log, sin, cos and Φ⁻¹ are minimax
 * approximations in float64 with a relative error below 2⁻²⁶. No fused arithmetic, so both builds draw the same numbers. Constants are read
 * from scratch memory: V8 builds a constant vector anew at every use, and the module may hold no data.
 */
/** u + ½ of the two unsigned words in the low half, exactly. */
@inline
function wide(p: usize, words: v128): v128 {
  return f64x2.sub(v128.or(i64x2.extend_low_i32x4_u(words), constant(p, MAGIC)), constant(p, MAGIC_WORD));
}

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

/** The upper two words in the low half. */
@inline
function upper(words: v128): v128 {
  return v128.shuffle<i32>(words, words, 2, 3, 2, 3);
}

/** √(−2 ln((v)·2⁻³²)) of two values ½ ≤ v < 2³²: v = 2ᵏ·m with √½ ≤ m < √2, ln m = 2 artanh((m − 1)/(m + 1)). */
@inline
function radius(p: usize, v: v128): v128 {
  const t = i64x2.sub(v, constant(p, SQRT_HALF));
  const k = f64x2.sub(v128.or(i64x2.shr_u(t, 52), constant(p, MAGIC)), constant(p, MAGIC_EXPONENT));
  const m = i64x2.add(i64x2.sub(v, v128.and(t, constant(p, EXPONENT))), constant(p, BIAS));
  const one = constant(p, ONE);
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const x = f64x2.mul(s, s);
  let q = f64x2.add(f64x2.mul(constant(p, LOG + 24), x), constant(p, LOG + 16));
  q = f64x2.add(f64x2.mul(q, x), constant(p, LOG + 8));
  q = f64x2.add(f64x2.mul(q, x), constant(p, LOG));
  const ln = f64x2.add(f64x2.mul(k, constant(p, LN2)), f64x2.mul(q, s));
  return f64x2.sqrt(f64x2.mul(ln, constant(p, MINUS_TWO)));
}

/** Rounds two pairs of float64 to four float32. */
@inline
function join(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5);
}

/**
 * The normals of two blocks from one word for the radius and one for the angle 2π(u + ½)·2⁻³², which is q quarter turns and f = (rest + ½)·2⁻³⁰ of one,
 * f in [−½, ½). Stored at `out` and 16 bytes on.
 */
@inline
function boxMuller(p: usize, radii: v128, q: v128, rest: v128, mean: v128, std: v128, out: usize): void {
  const r = f64x2.mul(std, radius(p, wide(p, radii)));
  const f = f64x2.mul(f64x2.add(f64x2.convert_low_i32x4_s(rest), constant(p, HALF)), constant(p, TURN));
  const x = f64x2.mul(f, f);
  let s = f64x2.add(f64x2.mul(constant(p, SIN + 24), x), constant(p, SIN + 16));
  let c = f64x2.add(f64x2.mul(constant(p, COS + 32), x), constant(p, COS + 24));
  s = f64x2.add(f64x2.mul(s, x), constant(p, SIN + 8));
  c = f64x2.add(f64x2.mul(c, x), constant(p, COS + 16));
  s = f64x2.mul(f64x2.add(f64x2.mul(s, x), constant(p, SIN)), f);
  c = f64x2.add(f64x2.mul(c, x), constant(p, COS + 8));
  c = f64x2.add(f64x2.mul(c, x), constant(p, COS));
  const w = i64x2.extend_low_i32x4_u(q);
  const sign = constant(p, SIGN);
  const odd = i64x2.sub(v128.and(w, constant(p, LOWEST)), constant(p, LOWEST));
  const cosine = v128.xor(v128.bitselect(c, s, odd), v128.and(i64x2.shl(v128.xor(w, i64x2.add(w, w)), 62), sign));
  const sine = v128.xor(v128.bitselect(s, c, odd), v128.and(i64x2.shl(w, 62), sign));
  const even = f32x4.demote_f64x2_zero(f64x2.add(mean, f64x2.mul(r, cosine)));
  const z = v128.shuffle<f32>(even, f32x4.demote_f64x2_zero(f64x2.add(mean, f64x2.mul(r, sine))), 0, 4, 1, 5);
  v128.store64_lane(out, z, 0);
  v128.store64_lane(out, z, 1, 16);
}

/** Elements j and j + 1 of four blocks, stored at `out` and every 16 bytes on. */
@inline
function normals(p: usize, radii: v128, angles: v128, mean: v128, std: v128, out: usize): void {
  const q = i32x4.shr_u(i32x4.add(angles, v128.load32_splat(p + ROUND)), 30);
  const rest = i32x4.sub(angles, i32x4.shl(q, 30));
  boxMuller(p, radii, q, rest, mean, std, out);
  boxMuller(p, upper(radii), upper(q), upper(rest), mean, std, out + 32);
}

/** Φ⁻¹(Φ(−2) + U·mass) of two words: q·P(q²)/Q(q²) with q = p − ½. */
@inline
function quantile(p: usize, words: v128): v128 {
  const q = f64x2.add(f64x2.mul(f64x2.mul(wide(p, words), constant(p, UNIT)), constant(p, MASS)), constant(p, BELOW));
  const x = f64x2.mul(q, q);
  let a = f64x2.add(f64x2.mul(constant(p, TOP + 40), x), constant(p, TOP + 32));
  a = f64x2.add(f64x2.mul(a, x), constant(p, TOP + 24));
  a = f64x2.add(f64x2.mul(a, x), constant(p, TOP + 16));
  a = f64x2.add(f64x2.mul(a, x), constant(p, TOP + 8));
  a = f64x2.add(f64x2.mul(a, x), constant(p, TOP));
  let b = f64x2.add(f64x2.mul(constant(p, BOTTOM + 32), x), constant(p, BOTTOM + 24));
  b = f64x2.add(f64x2.mul(b, x), constant(p, BOTTOM + 16));
  b = f64x2.add(f64x2.mul(b, x), constant(p, BOTTOM + 8));
  b = f64x2.add(f64x2.mul(b, x), constant(p, BOTTOM));
  return f64x2.div(f64x2.mul(q, a), b);
}

/** One element for each of four blocks by a law of one word: 0 uniform, 2 truncated normal; times scale plus shift. */
@inline
function single(p: usize, law: i32, words: v128, shift: v128, scale: v128): v128 {
  const a = law == 2 ? quantile(p, words) : f64x2.mul(wide(p, words), constant(p, UNIT));
  const b = law == 2 ? quantile(p, upper(words)) : f64x2.mul(wide(p, upper(words)), constant(p, UNIT));
  return join(f64x2.add(shift, f64x2.mul(scale, a)), f64x2.add(shift, f64x2.mul(scale, b)));
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
    storeBlocks(out, single(p, 0, w0, shift, scale), single(p, 0, w1, shift, scale), single(p, 0, w2, shift, scale), single(p, 0, w3, shift, scale));
  } else {
    storeBlocks(out, single(p, 2, w0, shift, scale), single(p, 2, w1, shift, scale), single(p, 2, w2, shift, scale), single(p, 2, w3, shift, scale));
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
