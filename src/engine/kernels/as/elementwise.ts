import { at, sum2 } from './simd';

/** out = dy where low < x ≤ high, NaN where x is, else 0: the gradient of relu and relu6 in one pass. */
export function gate(x: usize, dy: usize, low: f32, high: f32, out: usize, n: i32): void {
  const from = f32x4.splat(low), to = f32x4.splat(high);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = <usize>i << 2;
    const v = v128.load(x + o);
    const passed = v128.and(v128.load(dy + o), v128.and(f32x4.gt(v, from), f32x4.le(v, to)));
    v128.store(out + o, v128.or(passed, v128.and(v, f32x4.ne(v, v))));
  }
  for (; i < n; i++) {
    const v = load<f32>(at(x, i));
    store<f32>(at(out, i), v != v ? v : v > low && v <= high ? load<f32>(at(dy, i)) : 0);
  }
}

/** out = x kept inside [low, high]; NaN stays NaN. */
export function clamp(x: usize, low: f32, high: f32, out: usize, n: i32): void {
  const from = f32x4.splat(low), to = f32x4.splat(high);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = <usize>i << 2;
    v128.store(out + o, f32x4.max(from, f32x4.min(to, v128.load(x + o))));
  }
  for (; i < n; i++) store<f32>(at(out, i), max(low, min(high, load<f32>(at(x, i)))));
}

/** out [outer, inner] = Σ over the middle axis of x [outer, middle, inner]; float64 where inner is 1, else float32 in blocks of 64. */
export function sumMiddle(x: usize, outer: i32, middle: i32, inner: i32, out: usize): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<f32>(at(out, o), sumRun(x, middle));
    else sumColumns(x, middle, inner, at(out, o * inner));
    x += <usize>(middle * inner) << 2;
  }
}

function sumRun(x: usize, n: i32): f32 {
  let s = f64x2.splat(0), t = s;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const v = v128.load(at(x, i));
    s = f64x2.add(s, f64x2.promote_low_f32x4(v));
    t = f64x2.add(t, f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)));
  }
  let sum = sum2(f64x2.add(s, t));
  for (; i < n; i++) sum += <f64>load<f32>(at(x, i));
  return <f32>sum;
}

function sumColumns(x: usize, rows: i32, columns: i32, out: usize): void {
  memory.fill(out, 0, <usize>columns << 2);
  const line = <usize>columns << 2;
  for (let r = 0; r < rows; r += 64) {
    const n = min(64, rows - r);
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      let s = f32x4.splat(0);
      let p = at(x, c);
      for (let i = 0; i < n; i++) {
        s = f32x4.add(s, v128.load(p));
        p += line;
      }
      v128.store(at(out, c), f32x4.add(v128.load(at(out, c)), s));
    }
    for (; c < columns; c++) {
      let s: f32 = 0;
      let p = at(x, c);
      for (let i = 0; i < n; i++) {
        s += load<f32>(p);
        p += line;
      }
      store<f32>(at(out, c), load<f32>(at(out, c)) + s);
    }
    x += <usize>n * line;
  }
}
