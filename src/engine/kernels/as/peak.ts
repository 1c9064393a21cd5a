import { madd, sum4 } from './simd';

@inline
function step(a: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? madd(x, y, a) : madd(a, x, y);
}

/** `rounds` × 96 multiply-adds on registers alone (12 independent chains of four lanes, twice): the yardstick of docs/kernels.md. `factor` is an argument because V8 builds a constant vector anew at every use. */
export function peak(rounds: i32, factor: f32): f32 {
  const x = f32x4.splat(factor), y = x;
  const zero = f32x4.splat(0);
  let a = zero, b = zero, c = zero, d = zero, e = zero, f = zero, g = zero, h = zero, i = zero, j = zero, k = zero, l = zero;
  for (let r = 0; r < rounds; r++) {
    a = step(a, x, y);
    b = step(b, x, y);
    c = step(c, x, y);
    d = step(d, x, y);
    e = step(e, x, y);
    f = step(f, x, y);
    g = step(g, x, y);
    h = step(h, x, y);
    i = step(i, x, y);
    j = step(j, x, y);
    k = step(k, x, y);
    l = step(l, x, y);
    a = step(a, x, y);
    b = step(b, x, y);
    c = step(c, x, y);
    d = step(d, x, y);
    e = step(e, x, y);
    f = step(f, x, y);
    g = step(g, x, y);
    h = step(h, x, y);
    i = step(i, x, y);
    j = step(j, x, y);
    k = step(k, x, y);
    l = step(l, x, y);
  }
  const p = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
  return sum4(f32x4.add(p, f32x4.add(f32x4.add(i, j), f32x4.add(k, l))));
}
