import { ROW, TAP, rows, taps } from './workspace';

/**
 * The rows of a convolution as a matrix. Row r is a point (b, d, h, w) of a grid; tap t of it reads the source at
 * (d·stride + offset + tap.d, …), and its result goes to the target at (d·step + start, …). Forward, the grid is the output; for the
 * input gradient it is one residue class of the input modulo the stride, so that no product with a zero is ever made.
 */
let gridD: i32, gridH: i32, gridW: i32;
let sourceD: i32, sourceH: i32, sourceW: i32, pitch: i32;
let strideD: i32, strideH: i32, strideW: i32, offsetD: i32, offsetH: i32, offsetW: i32;
let targetD: i32, targetH: i32, targetW: i32, targetPitch: i32;
let stepD: i32, stepH: i32, stepW: i32, startD: i32, startH: i32, startW: i32;
let source: usize, target: usize;

export function setGrid(d: i32, h: i32, w: i32): void {
  gridD = d;
  gridH = h;
  gridW = w;
}
export function setSource(p: usize, d: i32, h: i32, w: i32, channels: i32): void {
  source = p;
  sourceD = d;
  sourceH = h;
  sourceW = w;
  pitch = channels;
}
export function setStride(d: i32, h: i32, w: i32, od: i32, oh: i32, ow: i32): void {
  strideD = d;
  strideH = h;
  strideW = w;
  offsetD = od;
  offsetH = oh;
  offsetW = ow;
}
export function setTarget(p: usize, d: i32, h: i32, w: i32, channels: i32): void {
  target = p;
  targetD = d;
  targetH = h;
  targetW = w;
  targetPitch = channels;
}
export function setStep(d: i32, h: i32, w: i32, sd: i32, sh: i32, sw: i32): void {
  stepD = d;
  stepH = h;
  stepW = w;
  startD = sd;
  startH = sh;
  startW = sw;
}

/** Writes tap entry t: source offset (d, h, w) and the byte offset of its filter slice. */
export function setTap(t: i32, d: i32, h: i32, w: i32, filterBytes: i32): void {
  const p = taps + <usize>(t * TAP);
  store<i32>(p, d);
  store<i32>(p, h, 4);
  store<i32>(p, w, 8);
  store<i32>(p, ((d * sourceH + h) * sourceW + w) * pitch * 4, 12);
  store<i32>(p, filterBytes, 16);
}

/** Taps that lie side by side along the width, so that a row reads them in one run of floats. */
export let run: i32 = 1;
export function setRun(count: i32): void {
  run = count;
}

/** The grid points of one axis whose tap, `offset` from their source, lies in a source of this size: from `firstOf` to `endOf`. */
@inline
function firstOf(stride: i32, offset: i32): i32 {
  return offset < 0 ? (stride - 1 - offset) / stride : 0;
}
@inline
function endOf(points: i32, stride: i32, offset: i32, size: i32): i32 {
  return offset >= size ? 0 : min(points, (size - 1 - offset) / stride + 1);
}
@inline
function spanOf(points: i32, stride: i32, offset: i32, size: i32): i32 {
  return max(0, endOf(points, stride, offset, size) - firstOf(stride, offset));
}

/** The share of all pairs of a grid point and one of the first `count` taps that do not lie in the padding. */
export function insideShare(count: i32): f64 {
  let inside: f64 = 0;
  for (let t = 0; t < count; t++) {
    const tap = taps + <usize>(t * TAP);
    const d = spanOf(gridD, strideD, offsetD + load<i32>(tap), sourceD);
    const h = spanOf(gridH, strideH, offsetH + load<i32>(tap, 4), sourceH);
    const w = spanOf(gridW, strideW, offsetW + load<i32>(tap, 8), sourceW);
    inside += <f64>d * <f64>h * <f64>w;
  }
  return inside / (<f64>count * <f64>gridD * <f64>gridH * <f64>gridW);
}

/** Cuts the grid, whose steps to the target are 1, to the points for which tap t lies in the source; returns how many of them an image has. */
export function cutGrid(t: i32): i32 {
  const tap = taps + <usize>(t * TAP);
  const od = offsetD + load<i32>(tap), oh = offsetH + load<i32>(tap, 4), ow = offsetW + load<i32>(tap, 8);
  const fd = firstOf(strideD, od), fh = firstOf(strideH, oh), fw = firstOf(strideW, ow);
  setGrid(spanOf(gridD, strideD, od, sourceD), spanOf(gridH, strideH, oh, sourceH), spanOf(gridW, strideW, ow, sourceW));
  setStride(strideD, strideH, strideW, offsetD + fd * strideD, offsetH + fh * strideH, offsetW + fw * strideW);
  setStep(1, 1, 1, fd, fh, fw);
  return gridD * gridH * gridW;
}

/** Fills the row table for grid rows first … first + count; four more entries read zeros. */
export function placePixels(first: i32, count: i32): void {
  let w = first % gridW;
  let t = first / gridW;
  let h = t % gridH;
  t /= gridH;
  let d = t % gridD;
  let b = t / gridD;
  let p = rows;
  for (let i = 0; i < count; i++) {
    const sd = d * strideD + offsetD;
    const sh = h * strideH + offsetH;
    const sw = w * strideW + offsetW;
    store<i32>(p, <i32>source + (((b * sourceD + sd) * sourceH + sh) * sourceW + sw) * pitch * 4);
    store<i32>(p, sd, 4);
    store<i32>(p, sh, 8);
    store<i32>(p, sw, 12);
    const to = ((b * targetD + d * stepD + startD) * targetH + h * stepH + startH) * targetW + w * stepW + startW;
    store<i32>(p, <i32>target + to * targetPitch * 4, 16);
    p += ROW;
    if (++w == gridW) {
      w = 0;
      if (++h == gridH) {
        h = 0;
        if (++d == gridD) {
          d = 0;
          b++;
        }
      }
    }
  }
  for (let i = 0; i < 4; i++) {
    store<i32>(p, i32.MIN_VALUE / 2, 4);
    p += ROW;
  }
}

/** The address that tap entry `tap` reads for row entry `row`, or `otherwise` when it lies in the padding. */
@inline
export function pixelAt(row: usize, tap: usize, otherwise: usize): usize {
  const d = load<i32>(row, 4) + load<i32>(tap);
  const h = load<i32>(row, 8) + load<i32>(tap, 4);
  const w = load<i32>(row, 12) + load<i32>(tap, 8);
  const inside = <u32>d < <u32>sourceD && <u32>h < <u32>sourceH && <u32>w < <u32>sourceW;
  return inside ? <usize>(load<i32>(row) + load<i32>(tap, 12)) : otherwise;
}

/**
 * The address of the floats of the `run` taps from `tap` on, `channels` each, of row entry `row`: where they lie, `otherwise` when all are in the padding, `spot` when
 * some are, where they are then copied.
 */
@inline
export function runAt(row: usize, tap: usize, channels: i32, otherwise: usize, spot: usize): usize {
  const w = load<i32>(row, 12) + load<i32>(tap, 8);
  if (w < 0 || w + run > sourceW) {
    copyRun(row, tap, channels, 0, run * channels, spot);
    return spot;
  }
  return pixelAt(row, tap, otherwise);
}

/** Copies floats from … from + count of such a run to `out`, zeros where the padding is. */
export function copyRun(row: usize, tap: usize, channels: i32, from: i32, count: i32, out: usize): void {
  const d = load<i32>(row, 4) + load<i32>(tap), h = load<i32>(row, 8) + load<i32>(tap, 4), w = load<i32>(row, 12) + load<i32>(tap, 8);
  const isRow = <u32>d < <u32>sourceD && <u32>h < <u32>sourceH;
  const low = isRow ? max(from, -w * channels) : from + count;
  const high = min(from + count, (sourceW - w) * channels);
  const source = <usize>(load<i32>(row) + load<i32>(tap, 12));
  let i = from;
  for (; i < min(low, from + count); i++, out += 4) store<f32>(out, 0);
  for (; i + 4 <= high; i += 4, out += 16) v128.store(out, v128.load(source + (<usize>i << 2)));
  for (; i < high; i++, out += 4) store<f32>(out, load<f32>(source + (<usize>i << 2)));
  for (; i < from + count; i++, out += 4) store<f32>(out, 0);
}

/**
 * For the filter gradient: copies four channels from `channel` of tap entry `tap` for grid rows k0 … k0 + count to `out`, 16 bytes a row,
 * zeros where the tap lies in the padding. Works along whole rows of the grid, without a test per pixel.
 */
export function packChannels(tap: usize, channel: i32, k0: i32, count: i32, out: usize): void {
  const none = f32x4.splat(0);
  const stride = <usize>(strideW * pitch * 4);
  let w = k0 % gridW;
  let t = k0 / gridW;
  let h = t % gridH;
  t /= gridH;
  let d = t % gridD;
  let b = t / gridD;
  const shift = offsetW + load<i32>(tap, 8);
  const low = shift < 0 ? (-shift + strideW - 1) / strideW : 0;
  const high = shift >= sourceW ? 0 : min(gridW, (sourceW - 1 - shift) / strideW + 1);
  while (count > 0) {
    const n = min(count, gridW - w);
    const sd = d * strideD + offsetD + load<i32>(tap);
    const sh = h * strideH + offsetH + load<i32>(tap, 4);
    const end = out + (<usize>n << 4);
    if (<u32>sd < <u32>sourceD && <u32>sh < <u32>sourceH && high > low) {
      const from = max(w, low);
      const to = min(w + n, high);
      const begin = out + (<usize>max(0, min(n, from - w)) << 4);
      for (; out < begin; out += 16) v128.store(out, none);
      if (to > from) {
        let s = <usize>(<i32>source + ((((b * sourceD + sd) * sourceH + sh) * sourceW + from * strideW + shift) * pitch + channel) * 4);
        const stop = out + (<usize>(to - from) << 4);
        for (; out < stop; out += 16) {
          v128.store(out, v128.load(s));
          s += stride;
        }
      }
    }
    for (; out < end; out += 16) v128.store(out, none);
    count -= n;
    w = 0;
    if (++h == gridH) {
      h = 0;
      if (++d == gridD) {
        d = 0;
        b++;
      }
    }
  }
}
