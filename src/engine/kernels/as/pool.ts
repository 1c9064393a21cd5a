import { at } from './simd';

let N: i32, C: i32, D: i32, H: i32, W: i32, OD: i32, OH: i32, OW: i32, KD: i32, KH: i32, KW: i32;
let SD: i32, SH: i32, SW: i32, PD: i32, PH: i32, PW: i32;

/** Sets the geometry of the pooling calls that follow; 2-D has depth 1. */
export function poolGeometry(
  n: i32, c: i32, d: i32, h: i32, w: i32, od: i32, oh: i32, ow: i32, kd: i32, kh: i32, kw: i32,
  sd: i32, sh: i32, sw: i32, pd: i32, ph: i32, pw: i32,
): void {
  N = n; C = c; D = d; H = h; W = w; OD = od; OH = oh; OW = ow; KD = kd; KH = kh; KW = kw;
  SD = sd; SH = sh; SW = sw; PD = pd; PH = ph; PW = pw;
}

/** dx += dy where x is the first to equal y; bits of `done` (4 a vector of channels) mark who has got it. */
@inline
function give(x: usize, y: usize, dy: usize, dx: usize, done: usize): void {
  let c = 0;
  for (; c + 4 <= C; c += 4) {
    const o = <usize>c << 2;
    const taken = v128.load(done + o);
    const hit = v128.andnot(f32x4.eq(v128.load(x + o), v128.load(y + o)), taken);
    v128.store(dx + o, f32x4.add(v128.load(dx + o), v128.and(v128.load(dy + o), hit)));
    v128.store(done + o, v128.or(taken, hit));
  }
  for (; c < C; c++) {
    const o = <usize>c << 2;
    if (load<u32>(done + o) != 0 || load<f32>(x + o) != load<f32>(y + o)) continue;
    store<f32>(dx + o, load<f32>(dx + o) + load<f32>(dy + o));
    store<u32>(done + o, 1);
  }
}

@inline
function spread(dy: usize, factor: f32, dx: usize): void {
  const f = f32x4.splat(factor);
  let c = 0;
  for (; c + 4 <= C; c += 4) {
    const o = <usize>c << 2;
    v128.store(dx + o, f32x4.add(v128.load(dx + o), f32x4.mul(f, v128.load(dy + o))));
  }
  for (; c < C; c++) {
    const o = <usize>c << 2;
    store<f32>(dx + o, load<f32>(dx + o) + factor * load<f32>(dy + o));
  }
}

/**
 * dx of a pooling, gathered window by window: of a maximum (x, y and `done`, 4 bytes a channel, given) to the first element that equals it; of an average
 * (x = 0) in equal parts to the elements of the window inside the input.
 */
export function poolGradient(x: usize, y: usize, dy: usize, dx: usize, done: usize): void {
  memory.fill(dx, 0, <usize>(N * D * H * W * C) << 2);
  for (let b = 0; b < N; b++) {
    for (let od = 0; od < OD; od++) {
      const d0 = od * SD - PD, dFrom = max(0, d0), dTo = min(D, d0 + KD);
      for (let oh = 0; oh < OH; oh++) {
        const h0 = oh * SH - PH, hFrom = max(0, h0), hTo = min(H, h0 + KH);
        for (let ow = 0; ow < OW; ow++) {
          const w0 = ow * SW - PW, wFrom = max(0, w0), wTo = min(W, w0 + KW);
          const o = <usize>((((b * OD + od) * OH + oh) * OW + ow) * C) << 2;
          if (x) memory.fill(done, 0, <usize>C << 2);
          const factor: f32 = 1 / <f32>(max(1, dTo - dFrom) * max(1, hTo - hFrom) * max(1, wTo - wFrom));
          for (let d = dFrom; d < dTo; d++) {
            for (let h = hFrom; h < hTo; h++) {
              for (let w = wFrom; w < wTo; w++) {
                const i = <usize>((((b * D + d) * H + h) * W + w) * C) << 2;
                if (x) give(x + i, y + o, dy + o, dx + i, done);
                else spread(dy + o, factor, dx + i);
              }
            }
          }
        }
      }
    }
  }
}

/** y = the larger of x and y (NaN wins), or their sum. */
@inline
function join(x: usize, y: usize, largest: i32): void {
  let c = 0;
  for (; c + 4 <= C; c += 4) {
    const o = <usize>c << 2;
    const a = v128.load(x + o), b = v128.load(y + o);
    v128.store(y + o, largest ? f32x4.max(a, b) : f32x4.add(a, b));
  }
  for (; c < C; c++) {
    const o = <usize>c << 2;
    const a = load<f32>(x + o), b = load<f32>(y + o);
    store<f32>(y + o, largest ? max<f32>(a, b) : a + b);
  }
}

/** y = maximum or average of each window of x, over the elements inside the input. */
export function poolForward(x: usize, y: usize, largest: i32): void {
  for (let b = 0; b < N; b++) {
    for (let od = 0; od < OD; od++) {
      const d0 = od * SD - PD, dFrom = max(0, d0), dTo = min(D, d0 + KD);
      for (let oh = 0; oh < OH; oh++) {
        const h0 = oh * SH - PH, hFrom = max(0, h0), hTo = min(H, h0 + KH);
        for (let ow = 0; ow < OW; ow++) {
          const w0 = ow * SW - PW, wFrom = max(0, w0), wTo = min(W, w0 + KW);
          for (let c = 0; c < C; c++) store<f32>(at(y, c), largest ? -Infinity : 0);
          for (let d = dFrom; d < dTo; d++) {
            for (let h = hFrom; h < hTo; h++) {
              for (let w = wFrom; w < wTo; w++) join(at(x, (((b * D + d) * H + h) * W + w) * C), y, largest);
            }
          }
          if (!largest) {
            const factor: f32 = 1 / <f32>(max(1, dTo - dFrom) * max(1, hTo - hFrom) * max(1, wTo - wFrom));
            for (let c = 0; c < C; c++) store<f32>(at(y, c), load<f32>(at(y, c)) * factor);
          }
          y += <usize>C << 2;
        }
      }
    }
  }
}

/** out[ids[i]] += x[i] over n rows of `width`; ids outside 0 … segments are left out. */
export function segmentSum(x: usize, ids: usize, n: i32, width: i32, segments: i32, out: usize): void {
  memory.fill(out, 0, <usize>(segments * width) << 2);
  for (let i = 0; i < n; i++) {
    const id = load<i32>(at(ids, i));
    if (<u32>id >= <u32>segments) continue;
    const s = at(x, i * width), d = at(out, id * width);
    let c = 0;
    for (; c + 4 <= width; c += 4) v128.store(at(d, c), f32x4.add(v128.load(at(d, c)), v128.load(at(s, c))));
    for (; c < width; c++) store<f32>(at(d, c), load<f32>(at(d, c)) + load<f32>(at(s, c)));
  }
}
