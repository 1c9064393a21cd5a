import type { ConvGeometry } from '../../src/engine/kernels/convGeometry.ts';

/** Calls `visit` for every product of a convolution with the indices into x, filter and y. */
function eachProduct(g: ConvGeometry, visit: (x: number, filter: number, y: number) => void): void {
  const [D, H, W] = g.input;
  const [OD, OH, OW] = g.output;
  const [KD, KH, KW] = g.kernel;
  const channels = g.groups * g.inChannels;
  const outputs = g.groups * g.outChannels;
  for (let b = 0; b < g.batch; b++)
    for (let od = 0; od < OD; od++)
      for (let oh = 0; oh < OH; oh++)
        for (let ow = 0; ow < OW; ow++)
          for (let kd = 0; kd < KD; kd++)
            for (let kh = 0; kh < KH; kh++)
              for (let kw = 0; kw < KW; kw++) {
                const d = od * g.strides[0] - g.padding[0] + kd * g.dilations[0];
                const h = oh * g.strides[1] - g.padding[1] + kh * g.dilations[1];
                const w = ow * g.strides[2] - g.padding[2] + kw * g.dilations[2];
                if (d < 0 || h < 0 || w < 0 || d >= D || h >= H || w >= W) continue;
                const x = (((b * D + d) * H + h) * W + w) * channels;
                const y = (((b * OD + od) * OH + oh) * OW + ow) * outputs;
                const tap = ((kd * KH + kh) * KW + kw) * g.inChannels;
                for (let o = 0; o < outputs; o++) {
                  const group = Math.floor(o / g.outChannels);
                  for (let i = 0; i < g.inChannels; i++)
                    visit(x + group * g.inChannels + i, (tap + i) * outputs + o, y + o);
                }
              }
}

/** The convolution in float64. */
export function convReference(
  g: ConvGeometry,
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
): Float64Array {
  const y = new Float64Array(g.batch * g.output[0] * g.output[1] * g.output[2] * g.groups * g.outChannels);
  eachProduct(g, (xi, fi, yi) => (y[yi]! += x[xi]! * filter[fi]!));
  return y;
}

/** Its input gradient in float64. */
export function inputGradientReference(
  g: ConvGeometry,
  dy: ArrayLike<number>,
  filter: ArrayLike<number>,
): Float64Array {
  const dx = new Float64Array(g.batch * g.input[0] * g.input[1] * g.input[2] * g.groups * g.inChannels);
  eachProduct(g, (xi, fi, yi) => (dx[xi]! += dy[yi]! * filter[fi]!));
  return dx;
}

/** Its filter gradient in float64. */
export function filterGradientReference(
  g: ConvGeometry,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float64Array {
  const df = new Float64Array(
    g.kernel[0] * g.kernel[1] * g.kernel[2] * g.inChannels * g.groups * g.outChannels,
  );
  eachProduct(g, (xi, fi, yi) => (df[fi]! += x[xi]! * dy[yi]!));
  return df;
}
