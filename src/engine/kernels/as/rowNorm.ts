import { add64, at, high, low, sum2, sum4 } from './simd';

/** Mean and 1/√(variance + ε) of each row, and y = (x − mean)·inverse·gamma + beta, gamma and beta along the row. */
export function rowNormalize(x: usize, rows: i32, columns: i32, epsilon: f64, gamma: usize, beta: usize, mean: usize, inverse: usize, y: usize): void {
  const n = <f64>columns;
  for (let r = 0; r < rows; r++) {
    const first = v128.load32_splat(x);
    const f = low(first);
    let s = f64x2.splat(0), q = s, t = s, u = s;
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const v = v128.load(at(x, c));
      const a = f64x2.sub(low(v), f), b = f64x2.sub(high(v), f);
      s = f64x2.add(s, a);
      t = f64x2.add(t, b);
      q = f64x2.add(q, f64x2.mul(a, a));
      u = f64x2.add(u, f64x2.mul(b, b));
    }
    let sum = sum2(f64x2.add(s, t)), square = sum2(f64x2.add(q, u));
    for (; c < columns; c++) {
      const d = <f64>load<f32>(at(x, c)) - <f64>load<f32>(x);
      sum += d;
      square += d * d;
    }
    sum /= n;
    const m = <f32>(<f64>load<f32>(x) + sum);
    const i = <f32>(1 / sqrt<f64>(max<f64>(0, square / n - sum * sum) + epsilon));
    store<f32>(at(mean, r), m);
    store<f32>(at(inverse, r), i);
    const mm = f32x4.splat(m), ii = f32x4.splat(i);
    for (c = 0; c + 4 <= columns; c += 4) {
      const o = <usize>c << 2;
      const d = f32x4.mul(f32x4.sub(v128.load(x + o), mm), ii);
      v128.store(y + o, f32x4.add(f32x4.mul(d, v128.load(gamma + o)), v128.load(beta + o)));
    }
    for (; c < columns; c++) {
      const o = <usize>c << 2;
      store<f32>(y + o, (load<f32>(x + o) - m) * i * load<f32>(gamma + o) + load<f32>(beta + o));
    }
    x += <usize>columns << 2;
    y += <usize>columns << 2;
  }
}

/** Gradients of rowNormalize: with e = dy·γ, dx = inverse·(e − mean(e) − x̂·mean(e·x̂)); dgamma = Σ over rows of dy·x̂, dbeta = Σ dy (float64 sums). */
export function rowGradient(
  x: usize, dy: usize, rows: i32, columns: i32, mean: usize, inverse: usize, gamma: usize, dx: usize, dgamma: usize, dbeta: usize, scratch: usize,
): void {
  const sums = scratch + <usize>columns * 8;
  memory.fill(scratch, 0, <usize>columns * 16);
  const share: f32 = 1 / <f32>columns;
  for (let r = 0; r < rows; r++) {
    const m = load<f32>(at(mean, r)), i = load<f32>(at(inverse, r));
    const mm = f32x4.splat(m), ii = f32x4.splat(i);
    let s = f32x4.splat(0), q = s;
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const o = <usize>c << 2;
      const g = v128.load(dy + o), z = f32x4.mul(f32x4.sub(v128.load(x + o), mm), ii), e = f32x4.mul(g, v128.load(gamma + o));
      const p = f32x4.mul(g, z);
      s = f32x4.add(s, e);
      q = f32x4.add(q, f32x4.mul(e, z));
      add64(scratch + 2 * o, p);
      add64(sums + 2 * o, g);
    }
    let sum = sum4(s), product = sum4(q);
    for (; c < columns; c++) {
      const o = <usize>c << 2;
      const g = load<f32>(dy + o), z = (load<f32>(x + o) - m) * i, e = g * load<f32>(gamma + o);
      sum += e;
      product += e * z;
      store<f64>(scratch + 2 * o, load<f64>(scratch + 2 * o) + <f64>(g * z));
      store<f64>(sums + 2 * o, load<f64>(sums + 2 * o) + <f64>g);
    }
    sum *= share;
    product *= share;
    const a = f32x4.splat(sum), b = f32x4.splat(product);
    for (c = 0; c + 4 <= columns; c += 4) {
      const o = <usize>c << 2;
      const z = f32x4.mul(f32x4.sub(v128.load(x + o), mm), ii), e = f32x4.mul(v128.load(dy + o), v128.load(gamma + o));
      v128.store(dx + o, f32x4.mul(ii, f32x4.sub(f32x4.sub(e, a), f32x4.mul(z, b))));
    }
    for (; c < columns; c++) {
      const o = <usize>c << 2;
      const z = (load<f32>(x + o) - m) * i;
      store<f32>(dx + o, i * (load<f32>(dy + o) * load<f32>(gamma + o) - sum - z * product));
    }
    x += <usize>columns << 2;
    dy += <usize>columns << 2;
    dx += <usize>columns << 2;
  }
  for (let c = 0; c < columns; c++) {
    store<f32>(at(dgamma, c), <f32>load<f64>(scratch + (<usize>c << 3)));
    store<f32>(at(dbeta, c), <f32>load<f64>(sums + (<usize>c << 3)));
  }
}
