import { at, high, low } from './simd';

/** Bytes of scratch for `columns` channels. */
export function normBytes(columns: i32): i32 {
  return columns * 20 + 32;
}

/**
 * Mean and 1/√(variance + ε) (biased, float32) of each column of x [rows, columns], in one read: float64 sums about the first row.
 */
export function columnMoments(x: usize, rows: i32, columns: i32, epsilon: f64, mean: usize, inverse: usize, scratch: usize): void {
  const block = max(1, 8192 / columns);
  const line = <usize>columns << 2;
  const squares = scratch + <usize>columns * 8;
  memory.fill(scratch, 0, <usize>columns * 16);
  for (let r = 0; r < rows; r += block) {
    const n = min(block, rows - r);
    const begin = x + <usize>r * line;
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const first = v128.load(at(x, c));
      const f0 = low(first), f1 = high(first);
      const o = <usize>c << 3;
      let s0 = v128.load(scratch + o), s1 = v128.load(scratch + o, 16), q0 = v128.load(squares + o), q1 = v128.load(squares + o, 16);
      let p = at(begin, c);
      for (let i = 0; i < n; i++) {
        const v = v128.load(p);
        const a = f64x2.sub(low(v), f0), b = f64x2.sub(high(v), f1);
        s0 = f64x2.add(s0, a);
        s1 = f64x2.add(s1, b);
        q0 = f64x2.add(q0, f64x2.mul(a, a));
        q1 = f64x2.add(q1, f64x2.mul(b, b));
        p += line;
      }
      v128.store(scratch + o, s0);
      v128.store(scratch + o, s1, 16);
      v128.store(squares + o, q0);
      v128.store(squares + o, q1, 16);
    }
    for (; c < columns; c++) {
      const o = <usize>c << 3;
      const first = <f64>load<f32>(at(x, c));
      let s: f64 = load<f64>(scratch + o), q: f64 = load<f64>(squares + o);
      let p = at(begin, c);
      for (let i = 0; i < n; i++) {
        const d = <f64>load<f32>(p) - first;
        s += d;
        q += d * d;
        p += line;
      }
      store<f64>(scratch + o, s);
      store<f64>(squares + o, q);
    }
  }
  const n = <f64>rows;
  for (let c = 0; c < columns; c++) {
    const o = <usize>c << 3;
    const s = load<f64>(scratch + o) / n;
    const variance = max<f64>(0, load<f64>(squares + o) / n - s * s);
    store<f32>(at(mean, c), <f32>(<f64>load<f32>(at(x, c)) + s));
    store<f32>(at(inverse, c), <f32>(1 / sqrt<f64>(variance + epsilon)));
  }
}

/** y = (x − mean)·inverse·gamma + beta by columns. */
export function columnNormalize(x: usize, rows: i32, columns: i32, mean: usize, inverse: usize, gamma: usize, beta: usize, y: usize, scratch: usize): void {
  for (let c = 0; c < columns; c++) store<f32>(at(scratch, c), load<f32>(at(inverse, c)) * load<f32>(at(gamma, c)));
  for (let r = 0; r < rows; r++) {
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const o = <usize>c << 2;
      const d = f32x4.sub(v128.load(x + o), v128.load(mean + o));
      v128.store(y + o, f32x4.add(f32x4.mul(d, v128.load(scratch + o)), v128.load(beta + o)));
    }
    for (; c < columns; c++) {
      const o = <usize>c << 2;
      store<f32>(y + o, (load<f32>(x + o) - load<f32>(mean + o)) * load<f32>(scratch + o) + load<f32>(beta + o));
    }
    x += <usize>columns << 2;
    y += <usize>columns << 2;
  }
}

/**
 * Gradients of columnNormalize ∘ columnMoments: dbeta = Σdy, dgamma = Σdy·x̂, dx = γ·inverse·(dy − dbeta/n − x̂·dgamma/n), x̂ = (x − mean)·inverse.
 * Two reads of x and dy.
 */
export function columnGradient(
  x: usize, dy: usize, rows: i32, columns: i32, mean: usize, inverse: usize, gamma: usize, dx: usize, dgamma: usize, dbeta: usize, scratch: usize,
): void {
  const block = max(1, 4096 / columns);
  const line = <usize>columns << 2;
  const products = scratch + <usize>columns * 8, shifts = products + <usize>columns * 8;
  memory.fill(scratch, 0, <usize>columns * 16);
  for (let r = 0; r < rows; r += block) {
    const n = min(block, rows - r);
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const o = <usize>c << 3;
      const m = v128.load(at(mean, c));
      let s0 = v128.load(scratch + o), s1 = v128.load(scratch + o, 16), q0 = v128.load(products + o), q1 = v128.load(products + o, 16);
      let p = at(x, r * columns + c), g = at(dy, r * columns + c);
      for (let i = 0; i < n; i++) {
        const v = v128.load(g), d = f32x4.mul(v, f32x4.sub(v128.load(p), m));
        s0 = f64x2.add(s0, low(v));
        s1 = f64x2.add(s1, high(v));
        q0 = f64x2.add(q0, low(d));
        q1 = f64x2.add(q1, high(d));
        p += line;
        g += line;
      }
      v128.store(scratch + o, s0);
      v128.store(scratch + o, s1, 16);
      v128.store(products + o, q0);
      v128.store(products + o, q1, 16);
    }
    for (; c < columns; c++) {
      const o = <usize>c << 3;
      let s: f64 = load<f64>(scratch + o), q: f64 = load<f64>(products + o);
      for (let i = 0; i < n; i++) {
        const e = (r + i) * columns + c;
        const v = load<f32>(at(dy, e));
        s += <f64>v;
        q += <f64>(v * (load<f32>(at(x, e)) - load<f32>(at(mean, c))));
      }
      store<f64>(scratch + o, s);
      store<f64>(products + o, q);
    }
  }
  const share: f64 = 1 / <f64>rows;
  for (let c = 0; c < columns; c++) {
    const o = <usize>c << 3, i = <f64>load<f32>(at(inverse, c));
    const b = load<f64>(scratch + o), g = load<f64>(products + o) * i;
    store<f32>(at(dbeta, c), <f32>b);
    store<f32>(at(dgamma, c), <f32>g);
    const factor = i * <f64>load<f32>(at(gamma, c));
    store<f32>(at(scratch, c), <f32>factor);
    store<f32>(at(products, c), <f32>(-factor * i * g * share));
    store<f32>(at(shifts, c), <f32>(-factor * b * share));
  }
  for (let r = 0; r < rows; r++) {
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const o = <usize>c << 2;
      const d = f32x4.sub(v128.load(x + o), v128.load(mean + o));
      const v = f32x4.add(f32x4.mul(v128.load(dy + o), v128.load(scratch + o)), v128.load(shifts + o));
      v128.store(dx + o, f32x4.add(v, f32x4.mul(d, v128.load(products + o))));
    }
    for (; c < columns; c++) {
      const o = <usize>c << 2;
      const d = load<f32>(x + o) - load<f32>(mean + o);
      store<f32>(dx + o, load<f32>(dy + o) * load<f32>(scratch + o) + load<f32>(shifts + o) + d * load<f32>(products + o));
    }
    x += line;
    dy += line;
    dx += line;
  }
}
