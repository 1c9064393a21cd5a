import { bins } from './stats';

/** Entries of the list of pieces, (key, count) in ascending order of value: a bin, zero, or all that lies between the extremes. */
const ZERO: u32 = 16384;
const WHOLE: u32 = 16385;
/** Bins of the histogram that leaves the engine. */
const COARSE: i32 = 64;

/** Bytes of the list of pieces. */
export function pieceBytes(): i32 {
  return (2 * 8160 + 2) * 8;
}

let pieces: usize, end: usize;
let least: f64, most: f64, scale: f64;

@inline
function put(key: u32, many: u32): void {
  store<u32>(end, key);
  store<u32>(end, many, 4);
  end += 8;
}

@inline
function take(key: i32): u32 {
  const p = bins + (<usize>key << 2);
  const many = load<u32>(p);
  if (many == 0) return 0;
  store<u32>(p, 0);
  put(key, many);
  return many;
}

/** Whether one of the 16 bins from `key` on holds values. */
@inline
function anyAt(key: i32): bool {
  const p = bins + (<usize>key << 2);
  const some = v128.or(v128.load(p), v128.load(p, 16));
  return v128.any_true(v128.or(some, v128.or(v128.load(p, 32), v128.load(p, 48))));
}

/** Moves the counts of the table to the list at `at`, ascending, with `none` zeros between; clears the table. `others`: finite values that are not zero. */
export function takePieces(at: usize, low: f64, high: f64, others: f64, none: u32): void {
  pieces = end = at;
  least = low;
  most = high;
  let sampled: f64 = 0;
  for (let key = 8192 + 8160 - 16; key >= 8192; key -= 16)
    if (anyAt(key)) for (let lane = 15; lane >= 0; lane--) sampled += <f64>take(key + lane);
  const negative = end;
  if (none > 0) put(ZERO, none);
  for (let key = 0; key < 8160; key += 16)
    if (anyAt(key)) for (let lane = 0; lane < 16; lane++) sampled += <f64>take(key + lane);
  memory.fill(bins + 8160 * 4, 0, 32 * 4);
  memory.fill(bins + (8192 + 8160) * 4, 0, 32 * 4 + 16);
  scale = sampled == 0 ? 0 : others / sampled;
  if (sampled > 0 || others == 0) return;
  end = negative;
  scale = others;
  put(WHOLE, 1);
  if (none > 0) put(ZERO, none);
}

@inline
function magnitude(bin: u32): f64 {
  return bin >= 8160 ? <f64>f32.MAX_VALUE : <f64>reinterpret<f32>(bin << 18);
}

@inline
function lowOf(key: u32): f64 {
  if (key == ZERO) return 0;
  if (key == WHOLE) return least;
  return max(least, key & 8192 ? -magnitude((key & 8191) + 1) : magnitude(key));
}

@inline
function highOf(key: u32): f64 {
  if (key == ZERO) return 0;
  if (key == WHOLE) return most;
  return min(most, key & 8192 ? -magnitude(key & 8191) : magnitude(key + 1));
}

@inline
function manyOf(p: usize): f64 {
  const many = <f64>load<u32>(p, 4);
  return load<u32>(p) == ZERO ? many : many * scale;
}

let at: usize;
let below: f64;

/** The value below which `share` of the `total` lies, linear inside a piece; shares come in ascending order. */
function percentile(share: f64, total: f64): f64 {
  const wanted = share * total;
  let many = manyOf(at);
  for (; at + 8 < end && below + many < wanted; many = manyOf(at)) {
    below += many;
    at += 8;
  }
  const low = lowOf(load<u32>(at));
  const inside = (wanted - below) / many;
  return low + (highOf(load<u32>(at)) - low) * min<f64>(1, max<f64>(0, inside));
}

/** Writes the percentiles 1, 5, 50, 95 and 99 of `total` finite values. */
export function percentiles(total: f64, out: usize): void {
  at = pieces;
  below = 0;
  store<f64>(out, percentile(0.01, total));
  store<f64>(out, percentile(0.05, total), 8);
  store<f64>(out, percentile(0.5, total), 16);
  store<f64>(out, percentile(0.95, total), 24);
  store<f64>(out, percentile(0.99, total), 32);
}

@inline
function add(out: usize, bin: i32, many: f64): void {
  const p = out + (<usize>bin << 3);
  store<f64>(p, load<f64>(p) + many);
}

/** Writes 64 equal bins between the extremes, least < most; a piece that spans several gives each its part. */
export function coarseBins(out: usize): void {
  memory.fill(out, 0, COARSE << 3);
  const perValue = <f64>COARSE / (most - least);
  for (let p = pieces; p < end; p += 8) {
    const key = load<u32>(p);
    const many = manyOf(p);
    const from = (lowOf(key) - least) * perValue, to = (highOf(key) - least) * perValue;
    const first = min(COARSE - 1, <i32>floor(from));
    const last = min(COARSE - 1, max(first, <i32>ceil(to) - 1));
    if (first == last) add(out, first, many);
    else
      for (let bin = first; bin <= last; bin++)
        add(out, bin, (many * (min(to, <f64>(bin + 1)) - max(from, <f64>bin))) / (to - from));
  }
  for (let bin = 0; bin < COARSE; bin++) {
    const p = out + (<usize>bin << 3);
    store<f64>(p, floor(load<f64>(p) + 0.5));
  }
}
