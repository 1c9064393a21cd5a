import { coarseBins, percentiles, takePieces } from './histogram';
import { bads, flats, highs, lows, means, nones, spreads, twins } from './stats';

/** Doubles that `statsTotals` writes: mean, m2, min, max, zeros, flat, bad, five percentiles, 64 bins. */
export function totalsBytes(): i32 {
  return (7 + 5 + 64) * 8;
}

let count: f64, mean: f64, m2: f64, low: f64, high: f64, none: f64, flat: f64, lost: f64;

/** Joins the columns from `first` on, `step` apart, of `rows` values each and one more in the first `rest` columns (Chan, Golub and LeVeque 1979). */
function joinColumns(width: i32, rows: i32, rest: i32, first: i32, step: i32): void {
  count = mean = m2 = none = flat = lost = 0;
  low = Infinity;
  high = -Infinity;
  for (let column = first; column < width; column += step) {
    const o = <usize>column << 2;
    const bad = load<i32>(bads + o);
    const more = <f64>(rows + (column < rest ? 1 : 0) + bad);
    lost -= <f64>bad;
    if (more == 0) continue;
    const delta = load<f64>(means + (o << 1)) - mean;
    const share = more / (count + more);
    mean += delta * share;
    m2 += load<f64>(spreads + (o << 1)) + delta * delta * share * count;
    count += more;
    low = min(low, <f64>load<f32>(lows + o));
    high = max(high, <f64>load<f32>(highs + o));
    none += <f64>load<u32>(nones + o);
    flat += <f64>load<u32>(flats + o);
  }
  if (count == 0) mean = NaN;
}

/** Writes the totals of all columns to `out` (totalsBytes()) and empties the histogram; `scratch`: pieceBytes(). */
export function statsTotals(width: i32, rows: i32, rest: i32, out: usize, scratch: usize): void {
  joinColumns(width, rows, rest, 0, 1);
  store<f64>(out, mean);
  store<f64>(out, m2, 8);
  store<f64>(out, low, 16);
  store<f64>(out, high, 24);
  store<f64>(out, none, 32);
  store<f64>(out, flat, 40);
  store<f64>(out, lost, 48);
  takePieces(scratch, low, high, count - none, <u32>none);
  if (low >= high) return;
  percentiles(count, out + 56);
  coarseBins(out + 96);
}

/** Brings the columns to one a unit: those a multiple of `units` apart are joined into the first. A unit without a finite value has the mean NaN. */
export function statsFold(width: i32, rows: i32, rest: i32, units: i32): void {
  for (let u = 0; u < units; u++) {
    const o = <usize>u << 2;
    if (width == units) {
      if (load<i32>(bads + o) == -rows) store<f64>(means + (o << 1), NaN);
      continue;
    }
    joinColumns(width, rows, rest, u, units);
    store<f64>(means + (o << 1), mean);
    store<f64>(spreads + (o << 1), m2);
    store<f32>(lows + o, <f32>low);
    store<f32>(highs + o, <f32>high);
    store<u32>(nones + o, <u32>none);
    store<u32>(flats + o, <u32>flat);
    store<i32>(bads + o, -<i32>lost);
  }
}

/** Doubles that `statsTally` writes: dead, never zero, constant, Σ variances, Σ|means|, distinct. */
export function tallyBytes(units: i32): i32 {
  return 6 * 8 + slotsFor(units) * 4;
}

function slotsFor(units: i32): i32 {
  return 1 << (33 - clz(units | 1));
}

@inline
function bits(p: usize): u32 {
  return load<u32>(p) * 0x9e3779b1 ^ rotl<u32>(load<u32>(p, 4) * 0x85ebca6b, 15);
}

@inline
function alike(a: usize, b: usize): bool {
  return (
    load<f64>(means + (a << 3)) == load<f64>(means + (b << 3)) &&
    load<f64>(spreads + (a << 3)) == load<f64>(spreads + (b << 3)) &&
    load<f32>(lows + (a << 2)) == load<f32>(lows + (b << 2)) &&
    load<f32>(highs + (a << 2)) == load<f32>(highs + (b << 2))
  );
}

/** Whether two units of `samples` values are equal bit by bit; those that are constant and alike are, without a look. */
function sameValues(x: usize, samples: i32, units: i32, a: usize, b: usize): bool {
  const constant = load<f32>(lows + (a << 2)) == load<f32>(highs + (a << 2));
  if (constant && (load<u32>(bads + (a << 2)) | load<u32>(bads + (b << 2))) == 0) return true;
  const line = <usize>units << 2;
  let p = x + (a << 2), q = x + (b << 2);
  for (let i = 0; i < samples; i++) {
    if (load<u32>(p) != load<u32>(q)) return false;
    p += line;
    q += line;
  }
  return true;
}

/** Looks for an earlier unit with the same values in the table of `slots` and notes it in `twins`, or the unit itself. Returns 1 for a new unit. */
function enter(x: usize, samples: i32, units: i32, u: i32, table: usize, slots: i32): i32 {
  const unit = <usize>u;
  store<u32>(twins + (unit << 2), u);
  if (-load<i32>(bads + (unit << 2)) == samples) return 1;
  const hash = bits(means + (unit << 3)) + bits(spreads + (unit << 3)) * 31;
  for (let slot = (hash ^ (hash >> 15)) & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
    const p = table + (<usize>slot << 2);
    const known = load<u32>(p);
    if (known == 0) {
      store<u32>(p, u + 1);
      return 1;
    }
    const other = <usize>(known - 1);
    if (!alike(unit, other) || !sameValues(x, samples, units, unit, other)) continue;
    store<u32>(twins + (unit << 2), known - 1);
    return 0;
  }
}

/** Counts over the folded units of the tensor at x, to `out` (tallyBytes(units)); `twins` becomes the first unit with the same values. */
export function statsTally(x: usize, samples: i32, units: i32, out: usize): void {
  let dead = 0, on = 0, constant = 0, distinct = 0;
  let variances: f64 = 0, sizes: f64 = 0;
  const slots = slotsFor(units);
  const table = out + 48;
  memory.fill(table, 0, <usize>slots << 2);
  for (let u = 0; u < units; u++) {
    const at = <usize>u << 3;
    const size = abs(load<f64>(means + at));
    const variance = load<f64>(spreads + at) / <f64>samples;
    const none = load<i32>(nones + (at >> 1));
    if (none == samples) dead++;
    if (none == 0) on++;
    if (none == samples || sqrt(variance) <= 1e-6 * size) constant++;
    if (variance < Infinity) variances += variance;
    if (size < Infinity) sizes += size;
    distinct += enter(x, samples, units, u, table, slots);
  }
  store<f64>(out, <f64>dead);
  store<f64>(out, <f64>on, 8);
  store<f64>(out, <f64>constant, 16);
  store<f64>(out, variances, 24);
  store<f64>(out, sizes, 32);
  store<f64>(out, <f64>distinct, 40);
}
