/** Nodes and weights of Gauss–Legendre quadrature on [−1, 1]. */
interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss–Legendre rule of `count` nodes, by Newton's method on the Legendre recurrence; exact to degree 2·count − 1. */
export function gaussLegendre(count: number): QuadratureRule {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    let x = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let derivative = 1;
    for (let step = 0; step < 100; step += 1) {
      let previous = 1;
      let current = x;
      for (let degree = 2; degree <= count; degree += 1) {
        const next = ((2 * degree - 1) * x * current - (degree - 1) * previous) / degree;
        previous = current;
        current = next;
      }
      derivative = (count * (x * current - previous)) / (x * x - 1);
      const change = current / derivative;
      x -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    nodes[index] = x;
    weights[index] = 2 / ((1 - x * x) * derivative * derivative);
  }
  return { nodes, weights };
}

const PANEL = gaussLegendre(20);
const REACH = 9;
const SMOOTH_BREAKS = [-6, -3.5, -1.5, 0, 1.5, 3.5, 6];
const INV_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);

/** Points of standard normal space where panels end: fixed ones, and the images of the kinks (Gauss–Hermite misses those). */
function panels(mean: number, deviation: number, breaks: readonly number[]): number[] {
  const edges = [-REACH, ...SMOOTH_BREAKS, REACH];
  for (const at of breaks) {
    const image = (at - mean) / deviation;
    if (image > -REACH && image < REACH) edges.push(image);
  }
  return edges.sort((left, right) => left - right);
}

/**
 * Calls `visit(g, weight)` at quadrature nodes of a standard normal g, split at the images of `breaks` under z = mean +
 * deviation·g; weights sum to 1 (to 1e-15). Σ weight·f(z) is E[f(z)] to about 1e-12 for f smooth between the breaks.
 */
export function gaussianNodes(
  mean: number,
  deviation: number,
  breaks: readonly number[],
  visit: (g: number, weight: number) => void,
): void {
  const edges = panels(mean, deviation, breaks);
  for (let index = 1; index < edges.length; index += 1) {
    const low = edges[index - 1] ?? 0;
    const high = edges[index] ?? 0;
    const half = (high - low) / 2;
    if (half < 1e-12) continue;
    for (let node = 0; node < PANEL.nodes.length; node += 1) {
      const g = low + half * (1 + (PANEL.nodes[node] ?? 0));
      visit(g, (PANEL.weights[node] ?? 0) * half * INV_SQRT_2PI * Math.exp(-0.5 * g * g));
    }
  }
}

/** E[f(z)] for z normal with this mean and variance; `breaks` are the points (of z) where f is not smooth. */
export function gaussianExpectation(
  f: (z: number) => number,
  mean: number,
  variance: number,
  breaks: readonly number[] = [],
): number {
  const deviation = Math.sqrt(variance);
  if (deviation === 0) return f(mean);
  let sum = 0;
  gaussianNodes(mean, deviation, breaks, (g, weight) => {
    sum += weight * f(mean + deviation * g);
  });
  return sum;
}
