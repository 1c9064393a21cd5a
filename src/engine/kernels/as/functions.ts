import { load4, store4 } from './simd';

/**
 * Functions of four values. Their constants lie in memory, since V8 builds a constant vector anew at every use; `placeConstants` puts them there.
 * erf and tanh are odd rational functions x·P(x²)/Q(x²), minimax fits in relative error (Lawson's reweighting), 3·10⁻⁷ in float32; exp is that of the Cephes
 * library (S. Moshier): 2ⁿ times a polynomial on [−ln 2/2, ln 2/2].
 */
let constants: usize = 0;

const TANH: usize = 0, ERF: usize = 48, EXP: usize = 96, ONE: usize = 136, HALF: usize = 140, ROOT: usize = 144, DENSITY: usize = 148;

/** Bytes of the constants. */
export function constantsBytes(): i32 {
  return 152;
}

function put(offset: usize, i: usize, value: f64): void {
  store<f32>(constants + offset + (i << 2), <f32>value);
}

/** The limit, six coefficients of P and five of Q after its leading 1, from the lowest on. */
function rational(
  o: usize, limit: f64, p0: f64, p1: f64, p2: f64, p3: f64, p4: f64, p5: f64, q1: f64, q2: f64, q3: f64, q4: f64, q5: f64,
): void {
  put(o, 0, limit);
  put(o, 1, p0);
  put(o, 2, p1);
  put(o, 3, p2);
  put(o, 4, p3);
  put(o, 5, p4);
  put(o, 6, p5);
  put(o, 7, q1);
  put(o, 8, q2);
  put(o, 9, q3);
  put(o, 10, q4);
  put(o, 11, q5);
}

/** Writes the constants to `at` (`constantsBytes()`), where they stay. */
export function placeConstants(at: usize): void {
  constants = at;
  rational(
    TANH, 9, 0.9999999795202764, 0.13381034144300324, 0.003495597946557076, 2.0609232885431366e-5, 1.335484974974545e-8, 0,
    0.46714349754240203, 0.025877020278044505, 0.0003285650398951886, 7.776639645778137e-7, 0,
  );
  rational(
    ERF, 3.92, 1.1283791462040345, 0.1904054348948162, 0.05274859348674732, 0.0037655739202510853, 0.0002848819633176156, 2.0500982889047974e-6,
    0.5020751645415723, 0.11410869097290484, 0.0149691312081585, 0.0011625254025284216, 3.809178836937697e-5,
  );
  put(EXP, 0, -87.33654);
  put(EXP, 1, 1.4426950408889634);
  put(EXP, 2, -0.693359375);
  put(EXP, 3, 2.12194440e-4);
  put(EXP, 4, 1.9875691500e-4);
  put(EXP, 5, 1.3981999507e-3);
  put(EXP, 6, 8.3334519073e-3);
  put(EXP, 7, 4.1665795894e-2);
  put(EXP, 8, 1.6666665459e-1);
  put(EXP, 9, 5.0000001201e-1);
  put(ONE, 0, 1);
  put(HALF, 0, 0.5);
  put(ROOT, 0, 0.7071067811865476);
  put(DENSITY, 0, 0.3989422804014327);
}

@inline
function value(offset: usize): v128 {
  return v128.load32_splat(constants + offset);
}

@inline
function odd(v: v128, o: usize): v128 {
  const limit = value(o), one = value(ONE);
  v = f32x4.max(f32x4.neg(limit), f32x4.min(limit, v));
  const t = f32x4.mul(v, v);
  let p = f32x4.add(f32x4.mul(value(o + 24), t), value(o + 20));
  let q = f32x4.add(f32x4.mul(value(o + 44), t), value(o + 40));
  p = f32x4.add(f32x4.mul(p, t), value(o + 16));
  q = f32x4.add(f32x4.mul(q, t), value(o + 36));
  p = f32x4.add(f32x4.mul(p, t), value(o + 12));
  q = f32x4.add(f32x4.mul(q, t), value(o + 32));
  p = f32x4.add(f32x4.mul(p, t), value(o + 8));
  q = f32x4.add(f32x4.mul(q, t), value(o + 28));
  p = f32x4.add(f32x4.mul(p, t), value(o + 4));
  q = f32x4.add(f32x4.mul(q, t), one);
  return f32x4.max(f32x4.neg(one), f32x4.min(one, f32x4.div(f32x4.mul(v, p), q)));
}

/** tanh of four values. */
export function tanh4(v: v128): v128 {
  return odd(v, TANH);
}

/** exp of four values that are not positive; 0 below −87.3. */
export function exp4(v: v128): v128 {
  const lowest = value(EXP);
  const small = f32x4.lt(v, lowest);
  v = f32x4.max(lowest, v);
  const n = f32x4.nearest(f32x4.mul(v, value(EXP + 4)));
  v = f32x4.add(f32x4.add(v, f32x4.mul(n, value(EXP + 8))), f32x4.mul(n, value(EXP + 12)));
  let p = f32x4.add(f32x4.mul(value(EXP + 16), v), value(EXP + 20));
  p = f32x4.add(f32x4.mul(p, v), value(EXP + 24));
  p = f32x4.add(f32x4.mul(p, v), value(EXP + 28));
  p = f32x4.add(f32x4.mul(p, v), value(EXP + 32));
  p = f32x4.add(f32x4.mul(p, v), value(EXP + 36));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, v), v), v), value(ONE));
  const scale = i32x4.add(i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23), value(ONE));
  return v128.andnot(f32x4.mul(p, scale), small);
}

/** The logistic function of four values: e/(1 + e) or 1/(1 + e) with e = exp(−|v|), so that no digits are lost on either side. */
export function sigmoid4(v: v128): v128 {
  const one = value(ONE);
  const e = exp4(f32x4.neg(f32x4.abs(v)));
  const top = v128.bitselect(e, one, f32x4.lt(v, f32x4.splat(0)));
  return f32x4.div(top, f32x4.add(one, e));
}

/** Φ of four values, the normal distribution. */
@inline
function normal4(v: v128): v128 {
  return f32x4.mul(value(HALF), f32x4.add(value(ONE), odd(f32x4.mul(v, value(ROOT)), ERF)));
}

/** out = tanh x, or erf x where `erf`. */
export function saturating(x: usize, out: usize, n: i32, erf: bool): void {
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2;
    const v = load4(x + o, n - i);
    store4(out + o, erf ? odd(v, ERF) : tanh4(v), n - i);
  }
}

/** out = x·Φ(x). */
export function gelu(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2;
    const v = load4(x + o, n - i);
    store4(out + o, f32x4.mul(v, normal4(v)), n - i);
  }
}

/** out = dy·(Φ(x) + x·φ(x)). */
export function geluGradient(x: usize, dy: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2;
    const v = load4(x + o, n - i);
    const density = f32x4.mul(value(DENSITY), exp4(f32x4.neg(f32x4.mul(value(HALF), f32x4.mul(v, v)))));
    const slope = f32x4.add(normal4(v), f32x4.mul(v, density));
    store4(out + o, f32x4.mul(load4(dy + o, n - i), slope), n - i);
  }
}
