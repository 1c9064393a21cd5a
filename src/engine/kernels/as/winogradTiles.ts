import { at, sum4 } from './simd';

/*
 * F(2 × 2, 3 × 3) of Winograd's convolution, as Lavin and Gray (2016, arXiv:1509.09308) give it: y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A for a tile d of 4 × 4 inputs
 * and 2 × 2 outputs. Of each transform the sixteen results lie a plane apart; channels are the lanes.
 */

/** U = G g Gᵀ of a filter [3, 3, size]; plane i of `out` has `size` values, a multiple of four. */
export function transformFilter(filter: usize, size: i32, out: usize): void {
  const tap = <usize>size << 2;
  const end = filter + tap;
  const half = f32x4.splat(0.5);
  for (; filter < end; filter += 16, out += 16) {
    for (let j = 0; j < 4; j++) {
      let a: v128, b: v128, c: v128;
      const g = filter, row = 3 * tap;
      if (j == 0 || j == 3) {
        const p = g + (j == 0 ? 0 : 2 * tap);
        a = v128.load(p);
        b = v128.load(p + row);
        c = v128.load(p + 2 * row);
      } else {
        a = mixed(g, tap, half, j == 2);
        b = mixed(g + row, tap, half, j == 2);
        c = mixed(g + 2 * row, tap, half, j == 2);
      }
      const sum = f32x4.add(a, c);
      const q = out + <usize>j * tap;
      v128.store(q, a);
      v128.store(q + 4 * tap, f32x4.mul(half, f32x4.add(sum, b)));
      v128.store(q + 8 * tap, f32x4.mul(half, f32x4.sub(sum, b)));
      v128.store(q + 12 * tap, c);
    }
  }
}

/** (g₀ ± g₁ + g₂)/2 along a row of the filter. */
@inline
function mixed(p: usize, tap: usize, half: v128, minus: bool): v128 {
  const ends = f32x4.add(v128.load(p), v128.load(p + 2 * tap));
  const middle = v128.load(p + tap);
  return f32x4.mul(half, minus ? f32x4.sub(ends, middle) : f32x4.add(ends, middle));
}

/**
 * V = Bᵀ d B of tiles first … first + count of an image [n, height, width, channels]; a tile begins at (2·row − padHeight, 2·column − padWidth) and what lies outside
 * is zero. Plane i of `out` has [tiles, channels]; `points` has room for sixteen addresses.
 */
export function transformInput(
  image: usize, channels: i32, height: i32, width: i32, padHeight: i32, padWidth: i32, down: i32, across: i32,
  first: i32, count: i32, tiles: i32, points: usize, zeroRow: usize, out: usize,
): void {
  for (let t = 0; t < count; t++) {
    const tile = first + t;
    const column = (tile % across) * 2 - padWidth;
    const line = tile / across;
    const row = (line % down) * 2 - padHeight;
    const b = line / down;
    for (let i = 0; i < 4; i++) {
      const h = row + i;
      for (let j = 0; j < 4; j++) {
        const w = column + j;
        const inside = <u32>h < <u32>height && <u32>w < <u32>width;
        store<u32>(at(points, 4 * i + j), inside ? <u32>at(image, ((b * height + h) * width + w) * channels) : <u32>zeroRow);
      }
    }
    inputTile(points, <usize>channels << 2, <usize>(tiles * channels) << 2, at(out, t * channels));
  }
}

@inline
function corner(points: usize, k: usize, o: usize): v128 {
  return v128.load(<usize>load<u32>(points + 4 * k) + o);
}

/** One row of Bᵀ d B, of which the columns were transformed. */
@inline
function inputRow(a: v128, b: v128, c: v128, d: v128, q: usize, plane: usize): void {
  v128.store(q, f32x4.sub(a, c));
  v128.store(q + plane, f32x4.add(b, c));
  v128.store(q + 2 * plane, f32x4.sub(c, b));
  v128.store(q + 3 * plane, f32x4.sub(b, d));
}

function inputTile(points: usize, bytes: usize, plane: usize, out: usize): void {
  for (let o: usize = 0; o < bytes; o += 16) {
    const b0 = corner(points, 4, o), c0 = corner(points, 8, o);
    const b1 = corner(points, 5, o), c1 = corner(points, 9, o);
    const b2 = corner(points, 6, o), c2 = corner(points, 10, o);
    const b3 = corner(points, 7, o), c3 = corner(points, 11, o);
    const q = out + o;
    inputRow(
      f32x4.sub(corner(points, 0, o), c0), f32x4.sub(corner(points, 1, o), c1),
      f32x4.sub(corner(points, 2, o), c2), f32x4.sub(corner(points, 3, o), c3), q, plane,
    );
    inputRow(f32x4.add(b0, c0), f32x4.add(b1, c1), f32x4.add(b2, c2), f32x4.add(b3, c3), q + 4 * plane, plane);
    inputRow(f32x4.sub(c0, b0), f32x4.sub(c1, b1), f32x4.sub(c2, b2), f32x4.sub(c3, b3), q + 8 * plane, plane);
    inputRow(
      f32x4.sub(b0, corner(points, 12, o)), f32x4.sub(b1, corner(points, 13, o)),
      f32x4.sub(b2, corner(points, 14, o)), f32x4.sub(b3, corner(points, 15, o)), q + 12 * plane, plane,
    );
  }
}

/** y = Aᵀ M A of tiles first … first + count into an image [n, height, width, channels]; false when a value of it is not finite. */
export function transformOutput(
  planes: usize, channels: i32, tiles: i32, down: i32, across: i32, first: i32, count: i32, height: i32, width: i32, image: usize,
): bool {
  const plane = <usize>(tiles * channels) << 2, bytes = <usize>channels << 2;
  let check = f32x4.splat(0);
  for (let t = 0; t < count; t++) {
    const tile = first + t;
    const column = (tile % across) * 2;
    const line = tile / across;
    const row = (line % down) * 2;
    const to = at(image, (((line / down) * height + row) * width + column) * channels);
    check = f32x4.add(check, outputTile(at(planes, t * channels), bytes, plane, to, <usize>width * bytes, row + 1 < height, column + 1 < width));
  }
  return sum4(check) == 0;
}

/** Zeros, or NaN where a result was not finite. */
function outputTile(m: usize, bytes: usize, plane: usize, to: usize, line: usize, lower: bool, right: bool): v128 {
  const zero = f32x4.splat(0);
  let check = zero;
  for (let o: usize = 0; o < bytes; o += 16) {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero, t0 = zero, t1 = zero, t2 = zero, t3 = zero;
    let p = m + o;
    s0 = v128.load(p); s1 = v128.load(p + plane); s2 = v128.load(p + 2 * plane); s3 = v128.load(p + 3 * plane);
    p += 4 * plane;
    let x = v128.load(p);
    s0 = f32x4.add(s0, x); t0 = x;
    x = v128.load(p + plane);
    s1 = f32x4.add(s1, x); t1 = x;
    x = v128.load(p + 2 * plane);
    s2 = f32x4.add(s2, x); t2 = x;
    x = v128.load(p + 3 * plane);
    s3 = f32x4.add(s3, x); t3 = x;
    p += 4 * plane;
    x = v128.load(p);
    s0 = f32x4.add(s0, x); t0 = f32x4.sub(t0, x);
    x = v128.load(p + plane);
    s1 = f32x4.add(s1, x); t1 = f32x4.sub(t1, x);
    x = v128.load(p + 2 * plane);
    s2 = f32x4.add(s2, x); t2 = f32x4.sub(t2, x);
    x = v128.load(p + 3 * plane);
    s3 = f32x4.add(s3, x); t3 = f32x4.sub(t3, x);
    p += 4 * plane;
    t0 = f32x4.sub(t0, v128.load(p));
    t1 = f32x4.sub(t1, v128.load(p + plane));
    t2 = f32x4.sub(t2, v128.load(p + 2 * plane));
    t3 = f32x4.sub(t3, v128.load(p + 3 * plane));
    const y0 = f32x4.add(f32x4.add(s0, s1), s2), y1 = f32x4.sub(f32x4.sub(s1, s2), s3);
    const z0 = f32x4.add(f32x4.add(t0, t1), t2), z1 = f32x4.sub(f32x4.sub(t1, t2), t3);
    const q = to + o;
    v128.store(q, y0);
    if (right) v128.store(q + bytes, y1);
    if (lower) v128.store(q + line, z0);
    if (lower && right) v128.store(q + line + bytes, z1);
    // 0 · ∞ and 0 · NaN are NaN; every value of the tile is finite only if its four results are, whether stored or not.
    check = f32x4.add(check, f32x4.add(f32x4.mul(f32x4.add(y0, y1), zero), f32x4.mul(f32x4.add(z0, z1), zero)));
  }
  return check;
}

/** Z = A dy Aᵀ of tiles first … first + count of an image [n, height, width, channels]. */
export function transformGradient(
  image: usize, channels: i32, height: i32, width: i32, down: i32, across: i32, first: i32, count: i32, tiles: i32, zeroRow: usize, out: usize,
): void {
  const bytes = <usize>channels << 2;
  for (let t = 0; t < count; t++) {
    const tile = first + t;
    const column = (tile % across) * 2;
    const line = tile / across;
    const row = (line % down) * 2;
    const p = at(image, (((line / down) * height + row) * width + column) * channels);
    const lower = row + 1 < height, right = column + 1 < width;
    const below = p + <usize>width * bytes;
    gradientTile(p, right ? p + bytes : zeroRow, lower ? below : zeroRow, lower && right ? below + bytes : zeroRow, bytes, <usize>(tiles * channels) << 2, at(out, t * channels));
  }
}

@inline
function gradientRow(a: v128, b: v128, q: usize, plane: usize): void {
  v128.store(q, a);
  v128.store(q + plane, f32x4.add(a, b));
  v128.store(q + 2 * plane, f32x4.sub(a, b));
  v128.store(q + 3 * plane, f32x4.neg(b));
}

function gradientTile(p00: usize, p01: usize, p10: usize, p11: usize, bytes: usize, plane: usize, out: usize): void {
  for (let o: usize = 0; o < bytes; o += 16) {
    const a = v128.load(p00 + o), b = v128.load(p01 + o), c = v128.load(p10 + o), d = v128.load(p11 + o);
    const q = out + o;
    gradientRow(a, b, q, plane);
    gradientRow(f32x4.add(a, c), f32x4.add(b, d), q + 4 * plane, plane);
    gradientRow(f32x4.sub(a, c), f32x4.sub(b, d), q + 8 * plane, plane);
    gradientRow(f32x4.neg(c), f32x4.neg(d), q + 12 * plane, plane);
  }
}

/** dg = Gᵀ U G; false when a value of it is not finite. */
export function gradientToFilter(planes: usize, size: i32, filter: usize): bool {
  const tap = <usize>size << 2;
  const end = filter + tap;
  const half = f32x4.splat(0.5), zero = f32x4.splat(0);
  let check = zero;
  for (; filter < end; filter += 16, planes += 16) {
    for (let j = 0; j < 3; j++) {
      const a = across3(planes, tap, half, j), b = across3(planes + 4 * tap, tap, half, j);
      const c = across3(planes + 8 * tap, tap, half, j), d = across3(planes + 12 * tap, tap, half, j);
      const sum = f32x4.mul(half, f32x4.add(b, c));
      const q = filter + <usize>j * tap;
      const top = f32x4.add(a, sum), bottom = f32x4.add(sum, d);
      v128.store(q, top);
      v128.store(q + 3 * tap, f32x4.mul(half, f32x4.sub(b, c)));
      v128.store(q + 6 * tap, bottom);
      check = f32x4.add(check, f32x4.mul(zero, f32x4.add(top, bottom)));
    }
  }
  return sum4(check) == 0;
}

/** Column j of Gᵀ applied along a row of four planes. */
@inline
function across3(p: usize, tap: usize, half: v128, j: i32): v128 {
  const b = v128.load(p + tap), c = v128.load(p + 2 * tap);
  if (j == 1) return f32x4.mul(half, f32x4.sub(b, c));
  const sum = f32x4.mul(half, f32x4.add(b, c));
  return j == 0 ? f32x4.add(v128.load(p), sum) : f32x4.add(sum, v128.load(p + 3 * tap));
}
