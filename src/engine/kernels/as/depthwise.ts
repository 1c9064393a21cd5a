import { at, madd } from './simd';

/** Bytes of scratch for a kernel of this many taps: an (input address, filter address) pair each. */
export function depthwiseBytes(taps: i32): i32 {
  return taps * 8;
}

let N: i32, C: i32, M: i32, H: i32, W: i32, OH: i32, OW: i32, KH: i32, KW: i32, SH: i32, SW: i32, DH: i32, DW: i32, PH: i32, PW: i32;

/** Sets the geometry of the depthwise calls that follow; `m` outputs for each of `c` channels, output channel = channel·m + j. */
export function depthwiseGeometry(
  n: i32, c: i32, m: i32, h: i32, w: i32, oh: i32, ow: i32, kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, ph: i32, pw: i32,
): void {
  N = n; C = c; M = m; H = h; W = w; OH = oh; OW = ow; KH = kh; KW = kw; SH = sh; SW = sw; DH = dh; DW = dw; PH = ph; PW = pw;
}

/** out[c] = Σ over `count` pairs of a[c]·filter[c], sixteen channels at a time. */
function products(pairs: usize, count: i32, out: usize): void {
  let c = 0;
  for (; c + 16 <= C; c += 16) {
    const o = <usize>c << 2;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let t = 0; t < count; t++) {
      const x = <usize>load<u32>(pairs + (<usize>t << 3)) + o, f = <usize>load<u32>(pairs + (<usize>t << 3), 4) + o;
      s0 = madd(v128.load(x), v128.load(f), s0);
      s1 = madd(v128.load(x, 16), v128.load(f, 16), s1);
      s2 = madd(v128.load(x, 32), v128.load(f, 32), s2);
      s3 = madd(v128.load(x, 48), v128.load(f, 48), s3);
    }
    v128.store(out + o, s0);
    v128.store(out + o, s1, 16);
    v128.store(out + o, s2, 32);
    v128.store(out + o, s3, 48);
  }
  for (; c + 4 <= C; c += 4) {
    const o = <usize>c << 2;
    let s = f32x4.splat(0);
    for (let t = 0; t < count; t++) {
      const p = pairs + (<usize>t << 3);
      s = madd(v128.load(<usize>load<u32>(p) + o), v128.load(<usize>load<u32>(p, 4) + o), s);
    }
    v128.store(out + o, s);
  }
  for (; c < C; c++) {
    const o = <usize>c << 2;
    let s: f32 = 0;
    for (let t = 0; t < count; t++) {
      const p = pairs + (<usize>t << 3);
      s += load<f32>(<usize>load<u32>(p) + o) * load<f32>(<usize>load<u32>(p, 4) + o);
    }
    store<f32>(out + o, s);
  }
}

/** The same with several outputs a channel: out[c·M + j] = Σ a[c]·filter[c·M + j]. */
function productsMany(pairs: usize, count: i32, out: usize): void {
  for (let o = 0; o < C * M; o++) {
    let s: f32 = 0;
    for (let t = 0; t < count; t++) {
      const p = pairs + (<usize>t << 3);
      s += load<f32>(at(<usize>load<u32>(p), o / M)) * load<f32>(at(<usize>load<u32>(p, 4), o));
    }
    store<f32>(at(out, o), s);
  }
}

/** Its transpose: out[c] = Σ over pairs and j of a[c·M + j]·filter[c·M + j]. */
function productsBack(pairs: usize, count: i32, out: usize): void {
  for (let c = 0; c < C; c++) {
    let s: f32 = 0;
    for (let t = 0; t < count; t++) {
      const p = pairs + (<usize>t << 3);
      for (let o = c * M; o < c * M + M; o++) s += load<f32>(at(<usize>load<u32>(p), o)) * load<f32>(at(<usize>load<u32>(p, 4), o));
    }
    store<f32>(at(out, c), s);
  }
}

@inline
function pair(pairs: usize, t: i32, a: usize, f: usize): void {
  store<u32>(pairs + (<usize>t << 3), <u32>a);
  store<u32>(pairs + (<usize>t << 3), <u32>f, 4);
}

/** y [n, oh, ow, c·m] from x [n, h, w, c] and filter [kh, kw, c, m]. */
export function depthwiseForward(x: usize, filter: usize, y: usize, pairs: usize): void {
  for (let b = 0; b < N; b++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let ow = 0; ow < OW; ow++) {
        let count = 0;
        for (let kh = 0; kh < KH; kh++) {
          const h = oh * SH - PH + kh * DH;
          if (<u32>h >= <u32>H) continue;
          for (let kw = 0; kw < KW; kw++) {
            const w = ow * SW - PW + kw * DW;
            if (<u32>w < <u32>W) pair(pairs, count++, at(x, ((b * H + h) * W + w) * C), at(filter, (kh * KW + kw) * C * M));
          }
        }
        const out = at(y, ((b * OH + oh) * OW + ow) * C * M);
        if (M == 1) products(pairs, count, out);
        else productsMany(pairs, count, out);
      }
    }
  }
}

/** dx from dy and filter: each input point gathers the taps that reached it. */
export function depthwiseInputGradient(dy: usize, filter: usize, dx: usize, pairs: usize): void {
  for (let b = 0; b < N; b++) {
    for (let h = 0; h < H; h++) {
      for (let w = 0; w < W; w++) {
        let count = 0;
        for (let kh = 0; kh < KH; kh++) {
          const a = h + PH - kh * DH;
          if (a < 0 || a % SH != 0 || a / SH >= OH) continue;
          const oh = a / SH;
          for (let kw = 0; kw < KW; kw++) {
            const e = w + PW - kw * DW;
            if (e < 0 || e % SW != 0 || e / SW >= OW) continue;
            pair(pairs, count++, at(dy, ((b * OH + oh) * OW + e / SW) * C * M), at(filter, (kh * KW + kw) * C * M));
          }
        }
        const out = at(dx, ((b * H + h) * W + w) * C);
        if (M == 1) products(pairs, count, out);
        else productsBack(pairs, count, out);
      }
    }
  }
}

/** out[c] += Σ over n points of x[c]·dy[c], x and dy advancing by their strides. */
function accumulate(x: usize, xStep: usize, dy: usize, dyStep: usize, n: i32, out: usize): void {
  let c = 0;
  for (; c + 16 <= C; c += 16) {
    const o = <usize>c << 2;
    let p = x + o, g = dy + o;
    let s0 = v128.load(out + o), s1 = v128.load(out + o, 16), s2 = v128.load(out + o, 32), s3 = v128.load(out + o, 48);
    for (let i = 0; i < n; i++) {
      s0 = madd(v128.load(p), v128.load(g), s0);
      s1 = madd(v128.load(p, 16), v128.load(g, 16), s1);
      s2 = madd(v128.load(p, 32), v128.load(g, 32), s2);
      s3 = madd(v128.load(p, 48), v128.load(g, 48), s3);
      p += xStep;
      g += dyStep;
    }
    v128.store(out + o, s0);
    v128.store(out + o, s1, 16);
    v128.store(out + o, s2, 32);
    v128.store(out + o, s3, 48);
  }
  for (; c < C; c++) {
    let p = at(x, c), g = at(dy, c), s = load<f32>(at(out, c));
    for (let i = 0; i < n; i++) {
      s += load<f32>(p) * load<f32>(g);
      p += xStep;
      g += dyStep;
    }
    store<f32>(at(out, c), s);
  }
}

function accumulateMany(x: usize, xStep: usize, dy: usize, dyStep: usize, n: i32, out: usize): void {
  for (let o = 0; o < C * M; o++) {
    let p = at(x, o / M), g = at(dy, o), s = load<f32>(at(out, o));
    for (let i = 0; i < n; i++) {
      s += load<f32>(p) * load<f32>(g);
      p += xStep;
      g += dyStep;
    }
    store<f32>(at(out, o), s);
  }
}

/** dfilter from x and dy, along whole rows of the output. */
export function depthwiseFilterGradient(x: usize, dy: usize, dfilter: usize): void {
  memory.fill(dfilter, 0, <usize>(KH * KW * C * M) << 2);
  const xStep = <usize>(SW * C) << 2, dyStep = <usize>(C * M) << 2;
  for (let b = 0; b < N; b++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let kh = 0; kh < KH; kh++) {
        const h = oh * SH - PH + kh * DH;
        if (<u32>h >= <u32>H) continue;
        for (let kw = 0; kw < KW; kw++) {
          const shift = kw * DW - PW;
          const from = shift < 0 ? (-shift + SW - 1) / SW : 0;
          const to = shift >= W ? 0 : min(OW, (W - 1 - shift) / SW + 1);
          if (to <= from) continue;
          const p = at(x, ((b * H + h) * W + from * SW + shift) * C);
          const g = at(dy, ((b * OH + oh) * OW + from) * C * M), out = at(dfilter, (kh * KW + kw) * C * M);
          if (M == 1) accumulate(p, xStep, g, dyStep, to - from, out);
          else accumulateMany(p, xStep, g, dyStep, to - from, out);
        }
      }
    }
  }
}
