import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationKind } from '../model/activations/catalogue.ts';
import { gaussianNodes } from './quadrature.ts';

/** Number of Hermite coefficients kept; the rest of E[φ²] is carried as one tail term. */
export const HERMITE = 24;
/** Where the squared Hermite coefficients begin in a row; before them stand the moments that `ActivationMoments` names. */
export const HERMITE_AT = 8;
/** Length of a row. */
export const ROW = HERMITE_AT + HERMITE;
/** Smooth activations bend on the scale of 1 and 4: panels end there, so that large variances stay exact. */
const BEND = [-12, -4, -1, 0, 1, 4, 12];

/** Points of z where φ, φ′ or the flat part's membership breaks. */
export function breaksOf(spec: ActivationSpec): number[] {
  const kind = activationKind(spec.id);
  const points = [...kind.kinks(spec.params), ...BEND];
  const { flat, value } = kind;
  if (flat !== undefined && value !== undefined) {
    for (const edge of [flat.low, flat.high]) {
      points.push(flat.on === 'pre' ? edge : preimage((z) => value(z, spec.params), edge));
    }
  }
  return points;
}

function preimage(value: (z: number) => number, target: number): number {
  let low = -1e3;
  let high = 1e3;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (value(middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const normalizers = Float64Array.from({ length: HERMITE }, (_, degree) => {
  let product = 1;
  for (let factor = 2; factor <= degree; factor += 1) product *= factor;
  return 1 / Math.sqrt(product);
});

/** Moments of φ(z), z = mean + √variance·g, by quadrature between these breaks. */
export function momentRow(
  spec: ActivationSpec,
  breaks: readonly number[],
  mean: number,
  variance: number,
): Float64Array {
  const { value, slope, flat } = activationKind(spec.id);
  const row = new Float64Array(ROW);
  if (value === undefined || slope === undefined) return row;
  const coefficients = new Float64Array(HERMITE);
  const deviation = Math.sqrt(variance);
  const add = (index: number, amount: number): void => {
    row[index] = (row[index] ?? 0) + amount;
  };
  gaussianNodes(mean, deviation, breaks, (g, weight) => {
    const z = mean + deviation * g;
    const a = value(z, spec.params);
    const d = slope(z, spec.params);
    add(0, weight * a);
    add(1, weight * a * a);
    add(2, weight * a ** 4);
    add(3, weight * d * d);
    add(4, weight * a * d * deviation * g);
    if (a === 0) add(5, weight);
    const tested = flat?.on === 'pre' ? z : a;
    if (flat !== undefined && (tested < flat.low || tested > flat.high)) add(6, weight);
    add(7, weight * d);
    let previous = 0;
    let current = 1;
    for (let degree = 0; degree < HERMITE; degree += 1) {
      coefficients[degree] = (coefficients[degree] ?? 0) + weight * a * current * (normalizers[degree] ?? 0);
      const next = g * current - degree * previous;
      previous = current;
      current = next;
    }
  });
  for (let degree = 0; degree < HERMITE; degree += 1)
    row[HERMITE_AT + degree] = (coefficients[degree] ?? 0) ** 2;
  return row;
}

/** Moments of φ(z) where z does not vary. */
export function pointRow(spec: ActivationSpec, z: number): Float64Array {
  const { value, slope, flat } = activationKind(spec.id);
  const a = value?.(z, spec.params) ?? 0;
  const d = slope?.(z, spec.params) ?? 0;
  const tested = flat?.on === 'pre' ? z : a;
  const outside = flat !== undefined && (tested < flat.low || tested > flat.high) ? 1 : 0;
  const row = new Float64Array(ROW);
  row.set([a, a * a, a ** 4, d * d, a * d * z, a === 0 ? 1 : 0, outside, d, a * a]);
  return row;
}
