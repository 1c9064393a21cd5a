import { type PhiloxKey, philoxBlock } from './philox.ts';
import { normalQuantile } from './quantile.ts';

/** Φ(−2): the mass below the lower bound of the truncated normal. */
export const TRUNCATED_BELOW = 0.0227501319481792;
/** Φ(2) − Φ(−2): the mass between its bounds. */
export const TRUNCATED_MASS = 0.954499736103642;

/** Maps the four words of a block to the standardised values of its four elements, both in place order. */
type BlockLaw = (words: Uint32Array, values: Float64Array) => void;

/** The uniform of a word, (u + ½)·2⁻³²: exact in float64 and strictly between 0 and 1. */
export function unitUniform(word: number): number {
  return (word + 0.5) * 2 ** -32;
}

function uniformLaw(words: Uint32Array, values: Float64Array): void {
  for (let lane = 0; lane < 4; lane++) values[lane] = unitUniform(words[lane]!);
}

function normalLaw(words: Uint32Array, values: Float64Array): void {
  for (let lane = 0; lane < 4; lane += 2) {
    const radius = Math.sqrt(-2 * Math.log(unitUniform(words[lane]!)));
    const angle = 2 * Math.PI * unitUniform(words[lane + 1]!);
    values[lane] = radius * Math.cos(angle);
    values[lane + 1] = radius * Math.sin(angle);
  }
}

function truncatedLaw(words: Uint32Array, values: Float64Array): void {
  for (let lane = 0; lane < 4; lane++) {
    values[lane] = normalQuantile(TRUNCATED_BELOW + unitUniform(words[lane]!) * TRUNCATED_MASS);
  }
}

function fill(
  out: Float32Array,
  key: PhiloxKey,
  law: BlockLaw,
  shift: number,
  scale: number,
  first: number,
): void {
  const words = new Uint32Array(4);
  const values = new Float64Array(4);
  let block = -1;
  for (let i = 0; i < out.length; i++) {
    const element = first + i;
    const wanted = Math.floor(element / 4);
    if (wanted !== block) {
      block = wanted;
      philoxBlock(key, block, words);
      law(words, values);
    }
    out[i] = shift + scale * values[element % 4]!;
  }
}

/**
 * Fills `out` with elements `first …` of the key's uniform stream on (low, high): low + (high − low)·U in float64, rounded to
 * float32 (so that the nearest float32 of a bound can occur). `docs/generator.md` specifies it.
 */
export function uniform(out: Float32Array, key: PhiloxKey, low: number, high: number, first = 0): void {
  fill(out, key, uniformLaw, low, high - low, first);
}

/**
 * Fills `out` with elements `first …` of the key's normal stream: mean + std·z with z by Box–Muller in pairs, in float64,
 * rounded to float32. |z| ≤ √(66 ln 2) = 6.764. `docs/generator.md` specifies it.
 */
export function normal(out: Float32Array, key: PhiloxKey, mean: number, std: number, first = 0): void {
  fill(out, key, normalLaw, mean, std, first);
}

/**
 * Fills `out` with elements `first …` of the key's normal stream truncated at ±2: mean + std·z with z = Φ⁻¹(Φ(−2) + U·(Φ(2) − Φ(−2)))
 * in float64, rounded to float32. Here `std` is that of the normal before truncation: z itself has std 0.87962566.
 */
export function truncatedNormal(
  out: Float32Array,
  key: PhiloxKey,
  mean: number,
  std: number,
  first = 0,
): void {
  fill(out, key, truncatedLaw, mean, std, first);
}
