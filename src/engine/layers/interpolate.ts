import * as tf from '@tensorflow/tfjs-core';
import { timesMatrix } from './dense.ts';
import { toEnd } from './groupNorm.ts';

/** How values between positions are made. */
export type Interpolation =
  'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5' | 'area' | 'gaussian' | 'mitchellcubic';

interface Filter {
  readonly radius: number;
  at(distance: number): number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const lanczos = (radius: number): Filter => ({
  radius,
  at: (x) => (x < radius ? sinc(x) * sinc(x / radius) : 0),
});
/** The piecewise cubic of Mitchell and Netravali 1988 with parameters b and c (Keys: b = 0, c = ½). */
const cubic = (b: number, c: number): Filter => ({
  radius: 2,
  at: (x) => {
    if (x >= 2) return 0;
    if (x >= 1)
      return (
        ((-b - 6 * c) * x ** 3 + (6 * b + 30 * c) * x ** 2 + (-12 * b - 48 * c) * x + (8 * b + 24 * c)) / 6
      );
    return ((12 - 9 * b - 6 * c) * x ** 3 + (-18 + 12 * b + 6 * c) * x ** 2 + (6 - 2 * b)) / 6;
  },
});

const FILTERS: Readonly<Record<Exclude<Interpolation, 'nearest' | 'area'>, Filter>> = {
  bilinear: { radius: 1, at: (x) => Math.max(0, 1 - x) },
  bicubic: cubic(0, 0.5),
  mitchellcubic: cubic(1 / 3, 1 / 3),
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
  gaussian: { radius: 1.5, at: (x) => (x < 1.5 ? Math.exp(-2 * x * x) : 0) },
};

function rowOf(from: number, to: number, place: number, method: Interpolation): number[] {
  const scale = from / to;
  if (method === 'nearest') {
    const source = Math.min(from - 1, Math.floor((place + 0.5) * scale));
    return Array.from({ length: from }, (_, i) => (i === source ? 1 : 0));
  }
  if (method === 'area') {
    const overlap = (i: number) => Math.min(i + 1, (place + 1) * scale) - Math.max(i, place * scale);
    return Array.from({ length: from }, (_, i) => Math.max(0, overlap(i)) / scale);
  }
  const centre = (place + 0.5) * scale;
  const filter = FILTERS[method];
  const weights = Array.from({ length: from }, (_, i) => filter.at(Math.abs(i + 0.5 - centre)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * Resizes one axis by a matrix of interpolation weights (pixel centres at halves, weights renormalized at the borders, no antialiasing): linear, so
 * that its gradient is right on every backend.
 */
export function resizeAxis(x: tf.Tensor, axis: number, to: number, method: Interpolation): tf.Tensor {
  const from = x.shape[axis]!;
  if (from === to) return x;
  const rows = Array.from({ length: to }, (_, place) => rowOf(from, to, place, method));
  const matrix = tf.transpose(tf.tensor2d(rows.flat(), [to, from]));
  const { there, back } = toEnd(axis, x.rank);
  return tf.transpose(timesMatrix(tf.transpose(x, there), matrix), back);
}
