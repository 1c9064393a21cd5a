import {
  BELOW,
  BIAS,
  BOTTOM,
  constant,
  COS,
  EXPONENT,
  HALF,
  LN2,
  LOG,
  MAGIC,
  MAGIC_EXPONENT,
  MAGIC_WORD,
  MASS,
  ONE,
  ROUND,
  SIGN32,
  SIN,
  SQRT_HALF,
  TOP,
  TURN,
  UNIT,
} from './drawConstants';
import { upper } from './simd';

/**
 * From words to values: log, sin, cos and Φ⁻¹ as minimax approximations in float64 with a relative error below 2⁻²⁶, without fused arithmetic.
 */

/** u + ½ of the two unsigned words in the low half, exactly. */
@inline
function wide(p: usize, words: v128): v128 {
  return f64x2.sub(v128.or(i64x2.extend_low_i32x4_u(words), constant(p, MAGIC)), constant(p, MAGIC_WORD));
}

/** Rounds two pairs of float64 to four float32. */
@inline
function join(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5);
}

/** shift + scale·(u + ½)·2⁻³² of four words. */
@inline
export function uniforms(p: usize, words: v128, shift: v128, scale: v128): v128 {
  const unit = constant(p, UNIT);
  const a = f64x2.mul(wide(p, words), unit), b = f64x2.mul(wide(p, upper(words)), unit);
  return join(f64x2.add(shift, f64x2.mul(scale, a)), f64x2.add(shift, f64x2.mul(scale, b)));
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

/** shift + scale·(the standard normal truncated at ±2) of four words. */
@inline
export function truncated(p: usize, words: v128, shift: v128, scale: v128): v128 {
  const a = quantile(p, words), b = quantile(p, upper(words));
  return join(f64x2.add(shift, f64x2.mul(scale, a)), f64x2.add(shift, f64x2.mul(scale, b)));
}

/**
 * Elements j and j + 1 of four blocks, stored at `out` and every 16 bytes on: scale·√(−2 ln u)·cos and sin of the angle 2π(u + ½)·2⁻³², which is a number of quarter
 * turns, the two highest bits of the rounded word, and f = (rest + ½)·2⁻³⁰ of one, f in [−½, ½). For u = 2ᵏ·m with √½ ≤ m < √2, ln m = 2 artanh((m − 1)/(m + 1)).
 * Two pairs go side by side, so that a constant is read once for four words.
 */
export function normals(p: usize, radii: v128, angles: v128, shift: v128, scale: v128, out: usize): void {
  const v = wide(p, radii), w = wide(p, upper(radii));
  let k = constant(p, SQRT_HALF);
  const t = i64x2.sub(v, k), u = i64x2.sub(w, k);
  k = constant(p, EXPONENT);
  let m = i64x2.sub(v, v128.and(t, k)), n = i64x2.sub(w, v128.and(u, k));
  k = constant(p, BIAS);
  m = i64x2.add(m, k);
  n = i64x2.add(n, k);
  k = constant(p, ONE);
  const g = f64x2.div(f64x2.sub(m, k), f64x2.add(m, k)), h = f64x2.div(f64x2.sub(n, k), f64x2.add(n, k));
  let x = f64x2.mul(g, g), y = f64x2.mul(h, h);
  k = constant(p, LOG + 24);
  let a = f64x2.mul(k, x), b = f64x2.mul(k, y);
  k = constant(p, LOG + 16);
  a = f64x2.mul(f64x2.add(a, k), x);
  b = f64x2.mul(f64x2.add(b, k), y);
  k = constant(p, LOG + 8);
  a = f64x2.mul(f64x2.add(a, k), x);
  b = f64x2.mul(f64x2.add(b, k), y);
  k = constant(p, LOG);
  a = f64x2.mul(f64x2.add(a, k), g);
  b = f64x2.mul(f64x2.add(b, k), h);
  k = constant(p, MAGIC);
  x = v128.or(i64x2.shr_u(t, 52), k);
  y = v128.or(i64x2.shr_u(u, 52), k);
  k = constant(p, MAGIC_EXPONENT);
  x = f64x2.sub(x, k);
  y = f64x2.sub(y, k);
  k = constant(p, LN2);
  const r = f64x2.mul(scale, f64x2.sqrt(f64x2.add(f64x2.mul(x, k), a)));
  const s = f64x2.mul(scale, f64x2.sqrt(f64x2.add(f64x2.mul(y, k), b)));
  const turned = i32x4.add(angles, v128.load32_splat(p + ROUND));
  const rest = i32x4.sub(angles, i32x4.shl(i32x4.shr_u(turned, 30), 30));
  k = constant(p, HALF);
  let e = f64x2.add(f64x2.convert_low_i32x4_s(rest), k), f = f64x2.add(f64x2.convert_low_i32x4_s(upper(rest)), k);
  k = constant(p, TURN);
  e = f64x2.mul(e, k);
  f = f64x2.mul(f, k);
  x = f64x2.mul(e, e);
  y = f64x2.mul(f, f);
  k = constant(p, SIN + 24);
  a = f64x2.mul(k, x);
  b = f64x2.mul(k, y);
  k = constant(p, SIN + 16);
  a = f64x2.mul(f64x2.add(a, k), x);
  b = f64x2.mul(f64x2.add(b, k), y);
  k = constant(p, SIN + 8);
  a = f64x2.mul(f64x2.add(a, k), x);
  b = f64x2.mul(f64x2.add(b, k), y);
  k = constant(p, SIN);
  e = f64x2.mul(f64x2.add(a, k), e);
  f = f64x2.mul(f64x2.add(b, k), f);
  k = constant(p, COS + 32);
  a = f64x2.mul(k, x);
  b = f64x2.mul(k, y);
  k = constant(p, COS + 24);
  a = f64x2.mul(f64x2.add(a, k), x);
  b = f64x2.mul(f64x2.add(b, k), y);
  k = constant(p, COS + 16);
  a = f64x2.mul(f64x2.add(a, k), x);
  b = f64x2.mul(f64x2.add(b, k), y);
  k = constant(p, COS + 8);
  a = f64x2.mul(f64x2.add(a, k), x);
  b = f64x2.mul(f64x2.add(b, k), y);
  k = constant(p, COS);
  place(p, turned, f64x2.mul(r, f64x2.add(a, k)), f64x2.mul(s, f64x2.add(b, k)), f64x2.mul(r, e), f64x2.mul(s, f), shift, out);
}

/** Turns (cos, sin) of the rest by the quarters of `turned`, adds `shift` and stores the pairs. */
@inline
function place(p: usize, turned: v128, c: v128, d: v128, s: v128, t: v128, shift: v128, out: usize): void {
  const lower = i32x4.shl(turned, 1), sign = v128.load32_splat(p + SIGN32);
  const odd = i32x4.shr_s(lower, 31);
  const ofCosine = v128.and(v128.xor(turned, lower), sign), ofSine = v128.and(turned, sign);
  let cosine: v128, sine: v128;
  if (v128.any_true(shift)) {
    const none = i32x4.splat(0);
    const o = v128.shuffle<i32>(odd, odd, 0, 0, 1, 1), q = v128.shuffle<i32>(odd, odd, 2, 2, 3, 3);
    const x = v128.xor(v128.bitselect(s, c, o), v128.shuffle<i32>(none, ofCosine, 0, 4, 0, 5));
    const y = v128.xor(v128.bitselect(t, d, q), v128.shuffle<i32>(none, ofCosine, 0, 6, 0, 7));
    const z = v128.xor(v128.bitselect(c, s, o), v128.shuffle<i32>(none, ofSine, 0, 4, 0, 5));
    const w = v128.xor(v128.bitselect(d, t, q), v128.shuffle<i32>(none, ofSine, 0, 6, 0, 7));
    cosine = join(f64x2.add(shift, x), f64x2.add(shift, y));
    sine = join(f64x2.add(shift, z), f64x2.add(shift, w));
  } else {
    const x = join(c, d), y = join(s, t);
    cosine = v128.xor(v128.bitselect(y, x, odd), ofCosine);
    sine = v128.xor(v128.bitselect(x, y, odd), ofSine);
  }
  const z = v128.shuffle<f32>(cosine, sine, 0, 4, 1, 5), w = v128.shuffle<f32>(cosine, sine, 2, 6, 3, 7);
  v128.store64_lane(out, z, 0);
  v128.store64_lane(out, z, 1, 16);
  v128.store64_lane(out, w, 0, 32);
  v128.store64_lane(out, w, 1, 48);
}
