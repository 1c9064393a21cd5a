import { A_PIXELS, A_TAPS, B_FILTER, B_PLAIN, blocks, setEpilogue } from './gemm';
import { isTapwise, tapwiseBlocks, tapwiseGradient } from './tapwise';
import { MC, openWorkspace } from './workspace';
import { setGrid, setRun, setSource, setStep, setStride, setTap, setTarget } from './pixels';

let N: i32, G: i32, CI: i32, CO: i32;
let D: i32, H: i32, W: i32, OD: i32, OH: i32, OW: i32, KD: i32, KH: i32, KW: i32;
let SD: i32, SH: i32, SW: i32, DD: i32, DH: i32, DW: i32, PD: i32, PH: i32, PW: i32;

/** Sets the geometry of the convolution calls that follow; `ci` and `co` are channels per group. 1-D and 2-D have depth (and height) 1. */
export function convGeometry(
  n: i32, g: i32, ci: i32, co: i32, d: i32, h: i32, w: i32, od: i32, oh: i32, ow: i32, kd: i32, kh: i32, kw: i32,
  sd: i32, sh: i32, sw: i32, dd: i32, dh: i32, dw: i32, pd: i32, ph: i32, pw: i32,
): void {
  N = n; G = g; CI = ci; CO = co;
  D = d; H = h; W = w; OD = od; OH = oh; OW = ow; KD = kd; KH = kh; KW = kw;
  SD = sd; SH = sh; SW = sw; DD = dd; DH = dh; DW = dw; PD = pd; PH = ph; PW = pw;
}

/** Fewer channels are packed a row of taps at a time, where these lie side by side. */
const FEW: i32 = 8;

function allTaps(): i32 {
  setRun(CI < FEW && G == 1 && DW == 1 && KW * CI <= MC ? KW : 1);
  let t = 0;
  for (let kd = 0; kd < KD; kd++) {
    for (let kh = 0; kh < KH; kh++) {
      for (let kw = 0; kw < KW; kw++, t++) setTap(t, kd * DD, kh * DH, kw * DW, t * CI * CO * G * 4);
    }
  }
  return t;
}

/** y = conv(x, filter) + bias, clamped to [from, to]. x [n, d, h, w, g·ci], filter [kd, kh, kw, ci, g·co], y [n, od, oh, ow, g·co]. */
export function convForward(x: usize, filter: usize, y: usize, biasAt: usize, from: f32, to: f32, workspace: usize): void {
  openWorkspace(workspace);
  for (let g = 0; g < G; g++) {
    setEpilogue(biasAt ? biasAt + <usize>(g * CO * 4) : 0, from, to);
    setGrid(OD, OH, OW);
    setSource(x + <usize>(g * CI * 4), D, H, W, G * CI);
    setStride(SD, SH, SW, -PD, -PH, -PW);
    setTarget(y + <usize>(g * CO * 4), OD, OH, OW, G * CO);
    setStep(1, 1, 1, 0, 0, 0);
    const T = allTaps();
    if (G == 1 && !biasAt && from == -Infinity && to == Infinity && isTapwise(T, CI, CO)) {
      memory.fill(y, 0, <usize>(N * OD * OH * OW * CO) << 2);
      tapwiseBlocks(N, T, CO, CI, filter, CO, B_PLAIN, OD, OH, OW, SD, SH, SW, -PD, -PH, -PW);
      return;
    }
    blocks(N * OD * OH * OW, CO, T * CI, 0, 0, A_PIXELS, filter + <usize>(g * CO * 4), G * CO, B_PLAIN, 0, 0, CI);
  }
}

/** The taps that reach input points ≡ (cd, ch, cw) modulo the stride, as offsets on the output grid. */
function classTaps(cd: i32, ch: i32, cw: i32): i32 {
  setRun(1);
  let t = 0;
  for (let kd = 0; kd < KD; kd++) {
    const d = cd + PD - kd * DD;
    if (d % SD) continue;
    for (let kh = 0; kh < KH; kh++) {
      const h = ch + PH - kh * DH;
      if (h % SH) continue;
      for (let kw = 0; kw < KW; kw++) {
        const w = cw + PW - kw * DW;
        if (w % SW == 0) setTap(t++, d / SD, h / SH, w / SW, ((kd * KH + kh) * KW + kw) * CI * CO * G * 4);
      }
    }
  }
  return t;
}

/**
 * dx = gradient of the input from dy, one matrix product per residue class of the input modulo the stride: only the taps that reach the class
 * are multiplied. Also the forward pass of a transposed convolution.
 */
export function convInputGradient(dy: usize, filter: usize, dx: usize, biasAt: usize, workspace: usize): void {
  openWorkspace(workspace);
  if (SD > KD || SH > KH || SW > KW || DD > 1 || DH > 1 || DW > 1) memory.fill(dx, 0, <usize>(N * D * H * W * G * CI) << 2);
  for (let g = 0; g < G; g++) {
    setEpilogue(biasAt ? biasAt + <usize>(g * CI * 4) : 0, -Infinity, Infinity);
    setSource(dy + <usize>(g * CO * 4), OD, OH, OW, G * CO);
    setStride(1, 1, 1, 0, 0, 0);
    setTarget(dx + <usize>(g * CI * 4), D, H, W, G * CI);
    for (let cd = 0; cd < min(SD, D); cd++) {
      for (let ch = 0; ch < min(SH, H); ch++) {
        for (let cw = 0; cw < min(SW, W); cw++) {
          const T = classTaps(cd, ch, cw);
          if (T == 0) continue;
          const d = (D - cd + SD - 1) / SD, h = (H - ch + SH - 1) / SH, w = (W - cw + SW - 1) / SW;
          setGrid(d, h, w);
          setStep(SD, SH, SW, cd, ch, cw);
          if (G == 1 && !biasAt && SD * SH * SW == 1 && isTapwise(T, CO, CI)) {
            memory.fill(dx, 0, <usize>(N * D * H * W * CI) << 2);
            tapwiseBlocks(N, T, CI, CO, filter, CO, B_FILTER, D, H, W, 1, 1, 1, 0, 0, 0);
            return;
          }
          blocks(N * d * h * w, CI, T * CO, 0, 0, A_PIXELS, filter + <usize>(g * CO * 4), G * CO, B_FILTER, 0, 0, CO);
        }
      }
    }
  }
}

/** dfilter = gradient of the filter from x and dy; the depth of the product is the pixels of dy. */
export function convFilterGradient(x: usize, dy: usize, dfilter: usize, workspace: usize): void {
  openWorkspace(workspace);
  setEpilogue(0, -Infinity, Infinity);
  for (let g = 0; g < G; g++) {
    setGrid(OD, OH, OW);
    setSource(x + <usize>(g * CI * 4), D, H, W, G * CI);
    setStride(SD, SH, SW, -PD, -PH, -PW);
    setTarget(dy + <usize>(g * CO * 4), OD, OH, OW, G * CO);
    setStep(1, 1, 1, 0, 0, 0);
    const T = allTaps();
    if (G == 1 && CI % 4 == 0 && isTapwise(T, CI, CO)) {
      tapwiseGradient(N, T, CO, CI, dfilter, OD, OH, OW, SD, SH, SW, -PD, -PH, -PW);
      return;
    }
    blocks(T * CI, CO, N * OD * OH * OW, 0, 0, A_TAPS, dy + <usize>(g * CO * 4), G * CO, B_PLAIN, dfilter + <usize>(g * CO * 4), G * CO, CI);
  }
}
