import type { Float64 } from './differences.ts';

/** The integers below n. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

/** The logistic function. */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** erf by its power series: exact to rounding for the |x| < 4 of the tests. */
export function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** x·Φ(x). */
export const gelu = (x: number): number => (x * (1 + erf(x / Math.SQRT2))) / 2;

/** Windows of 3 × 3 with stride 2 and padding 'same' over [n, size, size, c], each as the places of its elements inside. */
function windows(n: number, size: number, c: number): number[][] {
  const out = Math.ceil(size / 2);
  const before = Math.floor(((out - 1) * 2 + 3 - size) / 2);
  return upTo(n * out * out * c).map((at) => {
    const [channel, column] = [at % c, Math.floor(at / c) % out];
    const [row, image] = [Math.floor(at / c / out) % out, Math.floor(at / c / out / out)];
    return upTo(9).flatMap((k) => {
      const [h, w] = [row * 2 - before + Math.floor(k / 3), column * 2 - before + (k % 3)];
      const inside = h >= 0 && w >= 0 && h < size && w < size;
      return inside ? [((image * size + h) * size + w) * c + channel] : [];
    });
  });
}

/** Pooling of 3 × 3, stride 2, 'same': the largest, or the mean of what lies inside. */
export function pooled(largest: boolean, n: number, size: number, c: number): Float64 {
  const all = windows(n, size, c);
  return (x) =>
    all.map((places) => {
      const found = places.map((place) => x![place]!);
      return largest ? Math.max(...found) : sum(found) / found.length;
    });
}

/** Softmax attention of q [batch, targets, heads·size], k and v [batch, sources, keyHeads·size]. */
export function attended(
  [batch, targets, sources, heads, keyHeads, size]: readonly [number, number, number, number, number, number],
  causal: boolean,
): Float64 {
  return (q, k, v) =>
    upTo(batch).flatMap((b) =>
      upTo(targets).flatMap((t) =>
        upTo(heads).flatMap((h) => {
          const other = Math.floor((h * keyHeads) / heads);
          const query = ((b * targets + t) * heads + h) * size;
          const source = (s: number): number => ((b * sources + s) * keyHeads + other) * size;
          const seen = upTo(causal ? Math.min(sources, t + 1) : sources);
          const logits = seen.map(
            (s) => sum(upTo(size).map((i) => q![query + i]! * k![source(s) + i]!)) / Math.sqrt(size),
          );
          const weights = logits.map((logit) => Math.exp(logit));
          const total = sum(weights);
          return upTo(size).map((i) => sum(seen.map((s, j) => (weights[j]! / total) * v![source(s) + i]!)));
        }),
      ),
    );
}

/** The kinds of recurrence and how many gates a unit has. */
export const GATES = { simpleRnn: 1, lstm: 4, gru: 3, gruBefore: 3 } as const;

/** One step of a recurrence of one sample: the next state and memory from pre-activations of the inputs `z` and a product with the recurrent kernel. */
function stepOf(
  kind: keyof typeof GATES,
  z: (gate: number) => number,
  product: (gate: number, state?: readonly number[]) => number,
  old: number,
  memory: number,
  resetStates: readonly number[] | undefined,
): [number, number] {
  if (kind === 'simpleRnn') return [Math.tanh(z(0) + product(0)), 0];
  if (kind === 'lstm') {
    const [input, forget, candidate, output] = [0, 1, 2, 3].map((gate) => z(gate) + product(gate));
    const next = sigmoid(forget!) * memory + sigmoid(input!) * Math.tanh(candidate!);
    return [sigmoid(output!) * Math.tanh(next), next];
  }
  const update = sigmoid(z(0) + product(0));
  const reset = sigmoid(z(1) + product(1));
  const recalled = kind === 'gru' ? reset * product(2) : product(2, resetStates);
  return [update * old + (1 - update) * Math.tanh(z(2) + recalled), 0];
}

/** States of a recurrence over z [batch, steps, gates·units] with its recurrent kernel [units, gates·units], zeros before it; tanh and logistic gates. */
export function recurred(kind: keyof typeof GATES, batch: number, steps: number, units: number): Float64 {
  const wide = GATES[kind] * units;
  return (z, recurrent) =>
    upTo(batch).flatMap((b) => {
      let state = upTo(units).map(() => 0);
      let memory = state;
      return upTo(steps).flatMap((s) => {
        const through = (column: number, from: readonly number[]): number =>
          sum(from.map((value, i) => value * recurrent![i * wide + column]!));
        const before = (gate: number, j: number): number => z![(b * steps + s) * wide + gate * units + j]!;
        const resetStates = state.map(
          (value, i) =>
            value * sigmoid(before(1, i) + (kind === 'gruBefore' ? through(units + i, state) : 0)),
        );
        const next = upTo(units).map((j) =>
          stepOf(
            kind,
            (gate) => before(gate, j),
            (gate, from = state) => through(gate * units + j, from),
            state[j]!,
            memory[j]!,
            resetStates,
          ),
        );
        state = next.map(([value]) => value);
        memory = next.map(([, value]) => value);
        return state;
      });
    });
}
