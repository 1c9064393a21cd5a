import { madd, madd64, upper } from './simd';

/**
 * Statistics of a matrix of rows × units in one pass: moments, extremes and counts per unit, and a histogram.
 * A block of rows is summed in float32 about its own first row and joined to the rest in float64 (Chan, Golub and LeVeque 1979), so that constant units have exactly no
 * variance and a far mean costs no digits. Where a sum is not finite (NaN, infinities, squares beyond float32) the block's four units are taken again, value by value in float64.
 * The histogram, over the top 14 bits of a value (sign, exponent, 5 bits of mantissa: 32 bins an octave), needs no range beforehand and takes every `every`-th row.
 */

/** Bytes of the histogram table: 2¹⁴ counters and four for zeros, one a lane, since equal bins in a row wait for each other. */
export function statsTableBytes(): i32 {
  return 16384 * 4 + 16;
}

/** Bytes of the results for this many units (a multiple of 4): mean, m2 (float64); low, high (float32); zeros, flat, bad, twins (u32). */
export function statsBytes(units: i32): i32 {
  return units * 40;
}

export let means: usize, spreads: usize, lows: usize, highs: usize;
export let nones: usize, flats: usize, bads: usize, twins: usize;
export let bins: usize;
let before: i32;
/** Keeps `fetch` from being optimized away. */
let fetched: u32;

/** Divides `out` (statsBytes(units)) into its arrays and clears them. */
export function statsBegin(units: i32, counters: usize, out: usize): void {
  bins = counters;
  before = 0;
  const step = <usize>units << 2;
  means = out;
  spreads = means + 2 * step;
  lows = spreads + 2 * step;
  highs = lows + step;
  nones = highs + step;
  flats = nones + step;
  bads = flats + step;
  twins = bads + step;
  memory.fill(out, 0, statsBytes(units));
  for (let u = 0; u < units; u++) {
    const o = <usize>u << 2;
    store<f32>(lows + o, Infinity);
    store<f32>(highs + o, -Infinity);
  }
}

@inline
function count(key: i32): void {
  const p = bins + (<usize>key << 2);
  store<u32>(p, load<u32>(p) + 1);
}

/** Counts a row of values (a multiple of 4) into the histogram. */
function countRow(p: usize, units: i32): void {
  const none = f32x4.splat(0);
  const zeroKeys = i32x4(16384, 16385, 16386, 16387);
  const end = p + (<usize>units << 2);
  for (; p < end; p += 16) {
    const v = v128.load(p);
    const key = v128.bitselect(zeroKeys, i32x4.shr_u(v, 18), f32x4.eq(v, none));
    count(i32x4.extract_lane(key, 0));
    count(i32x4.extract_lane(key, 1));
    count(i32x4.extract_lane(key, 2));
    count(i32x4.extract_lane(key, 3));
  }
}

/** Joins count, mean and m2 of more values to those of a unit that has `old` values. */
@inline
function join(u: usize, old: i32, n: i32, mean: f64, m2: f64): void {
  if (n == 0) return;
  const at = u << 3;
  const share = <f64>n / <f64>(old + n);
  const delta = mean - load<f64>(means + at);
  store<f64>(means + at, load<f64>(means + at) + delta * share);
  store<f64>(spreads + at, load<f64>(spreads + at) + m2 + delta * delta * share * <f64>old);
}

/** The slow way for the n values of one unit from p on, `line` bytes apart. */
function addUnit(p: usize, u: usize, n: i32, line: usize): void {
  const o = u << 2;
  const old = before + load<i32>(bads + o);
  let first: f64 = 0, sum: f64 = 0, square: f64 = 0;
  let good = 0;
  let low = load<f32>(lows + o), high = load<f32>(highs + o);
  for (let i = 0; i < n; i++) {
    const v = load<f32>(p);
    p += line;
    if (!(abs(v) < Infinity)) continue;
    if (good == 0) first = <f64>v;
    const d = <f64>v - first;
    sum += d;
    square += d * d;
    low = min(low, v);
    high = max(high, v);
    good++;
  }
  store<f32>(lows + o, low);
  store<f32>(highs + o, high);
  store<i32>(bads + o, load<i32>(bads + o) - (n - good));
  const shift = good == 0 ? 0 : sum / <f64>good;
  join(u, old, good, first + shift, max<f64>(0, square - shift * sum));
}

/** Counts of values outside [from, to] per lane, finite ones only. */
function countFlat(p: usize, n: i32, line: usize, from: f32, to: f32, at: usize): void {
  const below = f32x4.splat(from), above = f32x4.splat(to), end = f32x4.splat(Infinity);
  let flat = v128.load(at);
  for (let i = 0; i < n; i++) {
    const v = v128.load(p);
    p += line;
    const outside = v128.or(f32x4.lt(v, below), f32x4.gt(v, above));
    flat = i32x4.sub(flat, v128.and(outside, f32x4.lt(f32x4.abs(v), end)));
  }
  v128.store(at, flat);
}

/** Adds n rows of the four units from u on. */
function addFour(p: usize, u: usize, n: i32, line: usize): void {
  const o = u << 2;
  const none = f32x4.splat(0);
  const first = v128.load(p);
  let low = first, high = first;
  let sum = none, square = none;
  let zero = v128.load(nones + o);
  const start = p;
  let sum2 = none, square2 = none;
  for (let i = n >> 1; i > 0; i--) {
    const v = v128.load(p), w = v128.load(p + line);
    p += line << 1;
    const d = f32x4.sub(v, first), e = f32x4.sub(w, first);
    sum = f32x4.add(sum, d);
    sum2 = f32x4.add(sum2, e);
    square = madd(d, d, square);
    square2 = madd(e, e, square2);
    low = f32x4.pmin(f32x4.pmin(low, v), w);
    high = f32x4.pmax(f32x4.pmax(high, v), w);
    zero = i32x4.sub(i32x4.sub(zero, f32x4.eq(v, none)), f32x4.eq(w, none));
  }
  if (n & 1) {
    const v = v128.load(p);
    const d = f32x4.sub(v, first);
    sum = f32x4.add(sum, d);
    square = madd(d, d, square);
    low = f32x4.pmin(low, v);
    high = f32x4.pmax(high, v);
    zero = i32x4.sub(zero, f32x4.eq(v, none));
  }
  sum = f32x4.add(sum, sum2);
  square = f32x4.add(square, square2);
  v128.store(nones + o, zero);
  const lost = v128.or(f32x4.ne(f32x4.sub(square, square), none), v128.load(bads + o));
  if (v128.any_true(lost)) {
    for (let lane: usize = 0; lane < 4; lane++) addUnit(start + (lane << 2), u + lane, n, line);
    return;
  }
  v128.store(lows + o, f32x4.pmin(v128.load(lows + o), low));
  v128.store(highs + o, f32x4.pmax(v128.load(highs + o), high));
  joinTwo(u, n, first, sum, square);
  joinTwo(u + 2, n, upper(first), upper(sum), upper(square));
}

/** `join` of two units without lost values, from the lower lanes. */
@inline
function joinTwo(u: usize, n: i32, first: v128, sum: v128, square: v128): void {
  const at = u << 3;
  const share = <f64>n / <f64>(before + n);
  const s = f64x2.promote_low_f32x4(sum);
  const shift = f64x2.mul(s, f64x2.splat(1 / <f64>n));
  const own = f64x2.max(f64x2.splat(0), f64x2.sub(f64x2.promote_low_f32x4(square), f64x2.mul(shift, s)));
  const old = v128.load(means + at);
  const delta = f64x2.sub(f64x2.add(f64x2.promote_low_f32x4(first), shift), old);
  v128.store(means + at, madd64(delta, f64x2.splat(share), old));
  const apart = f64x2.mul(f64x2.mul(delta, delta), f64x2.splat(share * <f64>before));
  v128.store(spreads + at, f64x2.add(f64x2.add(v128.load(spreads + at), own), apart));
}

/** Tensors of more values are not all in the second-level cache. Rows of multiples of 512 bytes fall on few sets of the first, which is what holds them back: no gain. */
const FAR: i32 = 131072;

/** Brings `bytes` from p on into the cache in the order in which they lie: memory gives them faster so than in columns. */
function fetch(p: usize, bytes: usize): void {
  let any: u32 = 0;
  for (const end = p + bytes; p < end; p += 64) any |= load<u32>(p);
  fetched = any;
}

/**
 * Adds rows of `units` values (a multiple of 4), cut into blocks that stay in the second-level cache: smaller ones, which the first would hold, join too often. Values
 * outside [from, to] count as flat.
 */
export function statsRows(x: usize, rows: i32, units: i32, from: f32, to: f32, every: i32): void {
  const block = max(64, 16384 / units);
  const line = <usize>units << 2;
  const flat = from > -Infinity || to < Infinity;
  const far = rows * units > FAR && (units & 127) != 0;
  let next = 0;
  for (let r = 0; r < rows; r += block) {
    const n = min(block, rows - r);
    if (far) fetch(x, <usize>n * line);
    for (let u: usize = 0; u < <usize>units; u += 4) {
      addFour(x + (u << 2), u, n, line);
      if (flat) countFlat(x + (u << 2), n, line, from, to, flats + (u << 2));
    }
    for (; next < n; next += every) countRow(x + <usize>next * line, units);
    next -= n;
    before += n;
    x += <usize>n * line;
  }
}

/** Adds one incomplete row after all others: values 0 … n of it, to units 0 … n. It is counted into the histogram. */
export function statsTail(x: usize, n: i32, from: f32, to: f32): void {
  for (let u = 0; u < n; u++) {
    const o = <usize>u << 2;
    const v = load<f32>(x + o);
    addUnit(x + o, <usize>u, 1, 4);
    if (!(abs(v) < Infinity)) continue;
    if (v == 0) store<u32>(nones + o, load<u32>(nones + o) + 1);
    if (v < from || v > to) store<u32>(flats + o, load<u32>(flats + o) + 1);
    count(v == 0 ? 16384 : <i32>(load<u32>(x + o) >> 18));
  }
}
