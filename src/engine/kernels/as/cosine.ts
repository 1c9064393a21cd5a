import { madd, madd64, upper } from './simd';

/**
 * Mean cosine over pairs of the samples at x, each of `size` values of which every `step`-th is taken, by the sum of their unit vectors (in `total`, float32, ⌈size/step⌉).
 * Samples that are all zero or not finite are left out; 1 where fewer than two are left.
 */
export function meanCosine(x: usize, size: i32, step: i32, samples: i32, total: usize): f64 {
  const kept = (size + step - 1) / step;
  memory.fill(total, 0, <usize>kept << 2);
  let used = 0;
  for (let sample = 0; sample < samples; sample++) {
    const scale = 1 / sqrt(squaresOf(x, size, step));
    if (scale < Infinity && scale > 0) {
      used++;
      addScaled(x, size, step, <f32>scale, total);
    }
    x += <usize>size << 2;
  }
  if (used < 2) return 1;
  return (squaresOf(total, kept, 1) - <f64>used) / (<f64>used * <f64>(used - 1));
}

function squaresOf(x: usize, size: i32, step: i32): f64 {
  let a = f64x2.splat(0), b = a;
  let i = 0;
  if (step == 1) {
    for (; i + 4 <= size; i += 4) {
      const v = v128.load(x + (<usize>i << 2));
      const l = f64x2.promote_low_f32x4(v), h = f64x2.promote_low_f32x4(upper(v));
      a = madd64(l, l, a);
      b = madd64(h, h, b);
    }
  }
  a = f64x2.add(a, b);
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  for (; i < size; i += step) {
    const v = <f64>load<f32>(x + (<usize>i << 2));
    sum += v * v;
  }
  return sum;
}

function addScaled(x: usize, size: i32, step: i32, scale: f32, total: usize): void {
  let i = 0;
  if (step == 1) {
    const factor = f32x4.splat(scale);
    for (; i + 4 <= size; i += 4) {
      v128.store(total, madd(v128.load(x + (<usize>i << 2)), factor, v128.load(total)));
      total += 16;
    }
  }
  for (; i < size; i += step) {
    store<f32>(total, load<f32>(total) + load<f32>(x + (<usize>i << 2)) * scale);
    total += 4;
  }
}
