/** a·b + c in four lanes: one fused instruction in the relaxed build, a product and a sum in the plain one. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** a·b + c in two float64 lanes, fused in the relaxed build. */
@inline
export function madd64(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** The address of element i of a float32 array at p. */
@inline
export function at(p: usize, i: i32): usize {
  return p + (<usize>i << 2);
}

/** The sum of the four lanes. */
@inline
export function sum4(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** The sum of the two float64 lanes. */
@inline
export function sum2(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** The upper two lanes, twice. */
@inline
export function upper(v: v128): v128 {
  return v128.shuffle<f32>(v, v, 2, 3, 2, 3);
}

/** The lower two lanes in float64. */
@inline
export function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** The upper two lanes in float64. */
@inline
export function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(upper(v));
}

/** Adds four floats to four float64 sums at p. */
@inline
export function add64(p: usize, v: v128): void {
  v128.store(p, f64x2.add(v128.load(p), low(v)));
  v128.store(p, f64x2.add(v128.load(p, 16), high(v)), 16);
}

/** Four floats, or the `left` < 4 that are there and zeros. */
@inline
export function load4(p: usize, left: i32): v128 {
  return left >= 4 ? v128.load(p) : loadSome(p, left);
}

function loadSome(p: usize, left: i32): v128 {
  let v = v128.load32_zero(p);
  if (left > 1) v = v128.load32_lane(p, v, 1, 4);
  if (left > 2) v = v128.load32_lane(p, v, 2, 8);
  return v;
}

/** Stores four floats, or the first `left` of them. */
@inline
export function store4(p: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(p, v);
  else storeSome(p, v, left);
}

function storeSome(p: usize, v: v128, left: i32): void {
  v128.store32_lane(p, v, 0);
  if (left > 1) v128.store32_lane(p, v, 1, 4);
  if (left > 2) v128.store32_lane(p, v, 2, 8);
}
