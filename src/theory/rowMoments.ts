import { HERMITE, HERMITE_AT, ROW } from './momentRow.ts';

/** Below this a power of the correlation adds nothing to a double. */
const NEGLIGIBLE = 1e-18;

/** Weights of the four rows of a block. */
export type RowWeights = readonly [number, number, number, number];

/**
 * Moments of φ(z) for a normal z: first, second and fourth moment; E[φ′²] (backward gain); d ln E[φ²]/d ln V; shares of exact
 * zeros and of values in the flat part; squared Hermite coefficients (degree 0 is the squared mean). A row, or a weighted sum of
 * a block of four rows, of which only what is asked for is added up.
 */
export class ActivationMoments {
  readonly #rows: Float64Array;
  readonly #weights: RowWeights | undefined;

  constructor(rows: Float64Array, weights?: RowWeights) {
    this.#rows = rows;
    this.#weights = weights;
  }

  #at(index: number): number {
    const rows = this.#rows;
    const weights = this.#weights;
    if (weights === undefined) return rows[index] ?? 0;
    const [first, second, third, fourth] = weights;
    return (
      first * (rows[index] ?? 0) +
      second * (rows[index + ROW] ?? 0) +
      third * (rows[index + 2 * ROW] ?? 0) +
      fourth * (rows[index + 3 * ROW] ?? 0)
    );
  }

  get mean(): number {
    return this.#at(0);
  }
  get second(): number {
    return this.#at(1);
  }
  get fourth(): number {
    return this.#at(2);
  }
  get slopeSquared(): number {
    return this.#at(3);
  }
  get elasticity(): number {
    const second = this.second;
    return second > 0 ? this.#at(4) / second : 1;
  }
  get zeros(): number {
    return this.#at(5);
  }
  get saturated(): number {
    return this.#at(6);
  }
  get slopeMean(): number {
    return this.#at(7);
  }

  /** E[φ(z)φ(z′)] for two such z with this correlation: Σ aₖ²·ρᵏ (Mehler); the tail stands at degree 1.5·24. */
  dual(correlation: number): number {
    const rho = Math.max(-1, Math.min(1, correlation));
    if (Math.abs(rho) < NEGLIGIBLE) return this.#at(HERMITE_AT);
    let sum = 0;
    let power = 1;
    let kept = 0;
    for (let degree = 0; degree < HERMITE; degree += 1) {
      const square = this.#at(HERMITE_AT + degree);
      sum += square * power;
      kept += square;
      power *= rho;
      if (Math.abs(power) < NEGLIGIBLE) return sum;
    }
    return sum + Math.max(0, this.second - kept) * Math.abs(rho) ** (1.5 * HERMITE);
  }
}
