/**
 * Statistics of a matrix of rows × units in one pass. Per unit, float64 sums of v and v² where v = x − first value of the unit (so constant units give exactly
 * 0 and large values neither overflow nor cancel), extremes, and counts. A histogram over the top 14 bits of every value (sign, exponent, 5 bits of
 * mantissa: 32 bins an octave) needs no range beforehand. Non-finite values enter nothing but `bad`.
 */

/** Bytes of the histogram table: 2¹⁴ counters and four for zeros, one a lane, since equal bins in a row wait for each other. */
export function statsTableBytes(): i32 {
  return 16384 * 4 + 16;
}

/** Bytes of the results for this many units (a multiple of 4): sum, square (float64); first, low, high (float32); zeros, flat, bad, hash (u32). */
export function statsBytes(units: i32): i32 {
  return units * 44;
}

let sums: usize, squares: usize, firsts: usize, lows: usize, highs: usize, zeros: usize, flats: usize, bads: usize, hashes: usize;
let table: usize;

/** Divides `out` (statsBytes(units)) into its arrays, clears them and takes the first row at `x` as origin. `width` values of it exist. */
export function statsBegin(x: usize, units: i32, width: i32, counters: usize, out: usize): void {
  table = counters;
  const step = <usize>units << 2;
  sums = out;
  squares = sums + 2 * step;
  firsts = squares + 2 * step;
  lows = firsts + step;
  highs = lows + step;
  zeros = highs + step;
  flats = zeros + step;
  bads = flats + step;
  hashes = bads + step;
  memory.fill(out, 0, statsBytes(units));
  for (let u = 0; u < units; u++) {
    const o = <usize>u << 2;
    const v = u < width ? load<f32>(x + o) : 0;
    store<f32>(firsts + o, abs(v) < Infinity ? v : 0);
    store<f32>(lows + o, Infinity);
    store<f32>(highs + o, -Infinity);
  }
}

@inline
function count(key: i32): void {
  const p = table + (<usize>key << 2);
  store<u32>(p, load<u32>(p) + 1);
}

/** Adds rows of `units` values (a multiple of 4); values outside [from, to] count as flat. Cut into blocks that stay in the first-level cache. */
export function statsRows(x: usize, rows: i32, units: i32, from: f32, to: f32): void {
  const block = max(1, 8192 / units);
  const line = <usize>units << 2;
  const none = f32x4.splat(0);
  const end = f32x4.splat(Infinity);
  const below = f32x4.splat(from), above = f32x4.splat(to);
  const zeroKeys = i32x4(16384, 16385, 16386, 16387);
  const prime = i32x4.splat(0x01000193);
  for (let r = 0; r < rows; r += block) {
    const n = min(block, rows - r);
    for (let u = 0; u < units; u += 4) {
      const o = <usize>u << 2;
      const first = v128.load(firsts + o);
      let low = v128.load(lows + o), high = v128.load(highs + o);
      let zero = v128.load(zeros + o), flat = v128.load(flats + o), bad = v128.load(bads + o), hash = v128.load(hashes + o);
      let s0 = v128.load(sums + 2 * o), s1 = v128.load(sums + 2 * o, 16);
      let q0 = v128.load(squares + 2 * o), q1 = v128.load(squares + 2 * o, 16);
      const f0 = f64x2.promote_low_f32x4(first);
      const f1 = f64x2.promote_low_f32x4(v128.shuffle<f32>(first, first, 2, 3, 2, 3));
      let p = x + o;
      for (let i = 0; i < n; i++) {
        const v = v128.load(p);
        p += line;
        const finite = f32x4.lt(f32x4.abs(v), end);
        bad = i32x4.add(bad, v128.not(finite));
        const w = v128.bitselect(v, first, finite);
        const a = f64x2.sub(f64x2.promote_low_f32x4(w), f0);
        const b = f64x2.sub(f64x2.promote_low_f32x4(v128.shuffle<f32>(w, w, 2, 3, 2, 3)), f1);
        s0 = f64x2.add(s0, a);
        s1 = f64x2.add(s1, b);
        q0 = f64x2.add(q0, f64x2.mul(a, a));
        q1 = f64x2.add(q1, f64x2.mul(b, b));
        low = f32x4.pmin(low, v128.bitselect(v, low, finite));
        high = f32x4.pmax(high, v128.bitselect(v, high, finite));
        const isZero = f32x4.eq(v, none);
        zero = i32x4.sub(zero, isZero);
        flat = i32x4.sub(flat, v128.and(finite, v128.or(f32x4.lt(v, below), f32x4.gt(v, above))));
        hash = i32x4.mul(v128.xor(hash, v), prime);
        const key = v128.bitselect(zeroKeys, i32x4.shr_u(v, 18), isZero);
        count(i32x4.extract_lane(key, 0));
        count(i32x4.extract_lane(key, 1));
        count(i32x4.extract_lane(key, 2));
        count(i32x4.extract_lane(key, 3));
      }
      v128.store(lows + o, low);
      v128.store(highs + o, high);
      v128.store(zeros + o, zero);
      v128.store(flats + o, flat);
      v128.store(bads + o, bad);
      v128.store(hashes + o, hash);
      v128.store(sums + 2 * o, s0);
      v128.store(sums + 2 * o, s1, 16);
      v128.store(squares + 2 * o, q0);
      v128.store(squares + 2 * o, q1, 16);
    }
    x += <usize>n * line;
  }
}

/** Adds one incomplete row: values 0 … n of it, to units 0 … n. */
export function statsTail(x: usize, n: i32, from: f32, to: f32): void {
  for (let u = 0; u < n; u++) {
    const o = <usize>u << 2;
    const v = load<f32>(x + o);
    const bits = load<u32>(x + o);
    store<u32>(hashes + o, (load<u32>(hashes + o) ^ bits) * 0x01000193);
    if (!(abs(v) < Infinity)) {
      store<i32>(bads + o, load<i32>(bads + o) - 1);
      continue;
    }
    const d = <f64>v - <f64>load<f32>(firsts + o);
    store<f64>(sums + 2 * o, load<f64>(sums + 2 * o) + d);
    store<f64>(squares + 2 * o, load<f64>(squares + 2 * o) + d * d);
    store<f32>(lows + o, min(load<f32>(lows + o), v));
    store<f32>(highs + o, max(load<f32>(highs + o), v));
    if (v == 0) store<u32>(zeros + o, load<u32>(zeros + o) + 1);
    if (v < from || v > to) store<u32>(flats + o, load<u32>(flats + o) + 1);
    count(v == 0 ? 16384 : <i32>(bits >> 18));
  }
}

@inline
function take(key: i32, sign: i32, out: usize): usize {
  const p = table + (<usize>key << 2);
  const n = load<u32>(p);
  if (n == 0) return out;
  store<u32>(p, 0);
  store<u32>(out, (key & 8191) | sign);
  store<u32>(out, n, 4);
  return out + 8;
}

/**
 * Moves the counts of the histogram to `out` as (bin, count) pairs in ascending order of value and clears the table; bins with the sign bit (8192) are negative.
 * Zeros are left out. Returns the number of pairs (at most 16,320).
 */
export function statsBins(out: usize): i32 {
  const start = out;
  for (let key = 16384 - 4; key >= 8192; key -= 4) {
    if (!v128.any_true(v128.load(table + (<usize>key << 2)))) continue;
    for (let lane = 3; lane >= 0; lane--) if (key + lane < 8192 + 8160) out = take(key + lane, 8192, out);
  }
  for (let key = 0; key < 8160; key += 4) {
    if (!v128.any_true(v128.load(table + (<usize>key << 2)))) continue;
    for (let lane = 0; lane < 4; lane++) out = take(key + lane, 0, out);
  }
  memory.fill(table + 8160 * 4, 0, 32 * 4);
  memory.fill(table + (8192 + 8160) * 4, 0, 32 * 4 + 16);
  return <i32>((out - start) >> 3);
}
