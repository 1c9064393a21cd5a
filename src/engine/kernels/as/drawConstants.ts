/** Where the constants of the draws lie in scratch memory, and the words and the last elements of a call. */
export const LN2: usize = 0;
export const SQRT_HALF: usize = 8;
export const EXPONENT: usize = 16;
export const MAGIC: usize = 24;
export const MAGIC_WORD: usize = 32;
export const MAGIC_EXPONENT: usize = 40;
export const BIAS: usize = 48;
export const ONE: usize = 56;
export const LOG: usize = 64;
export const SIN: usize = 96;
export const COS: usize = 128;
export const HALF: usize = 168;
export const TURN: usize = 176;
/** The sign bit of a float32. */
export const SIGN32: usize = 184;
export const ROUND: usize = 192;
export const MULTIPLIER0: usize = 200;
export const MULTIPLIER1: usize = 208;
export const TOP: usize = 216;
export const BOTTOM: usize = 264;
export const UNIT: usize = 304;
export const BELOW: usize = 312;
export const MASS: usize = 320;
export const WORDS: usize = 512;
export const LAST: usize = 704;

/** Bytes of scratch a call needs. */
export function drawBytes(): i32 {
  return 896;
}

function set(p: usize, a: f64, b: f64, c: f64, d: f64): void {
  store<f64>(p, a);
  store<f64>(p, b, 8);
  store<f64>(p, c, 16);
  store<f64>(p, d, 24);
}

/** Writes the constants that the draws read from scratch memory at p; those of the logarithm for −2 ln. */
export function writeConstants(p: usize): void {
  store<f64>(p + LN2, -2 * 0.6931471805599453);
  store<u64>(p + SQRT_HALF, 0x3fe6a09e667f3bcd - (<u64>1024 << 52));
  store<u64>(p + EXPONENT, 0xfff0000000000000);
  store<u64>(p + MAGIC, 0x4330000000000000);
  store<f64>(p + MAGIC_WORD, 4503599627370496.0 - 0.5);
  store<f64>(p + MAGIC_EXPONENT, 4503599627370496.0 + 1024 + 32);
  store<u64>(p + BIAS, <u64>1024 << 52);
  store<f64>(p + ONE, 1);
  set(p + LOG, -2 * 1.9999999986040689, -2 * 0.666668173042214, -2 * 0.39974649490547054, -2 * 0.2992944721788673);
  set(p + SIN, 1.5707963219668086, -0.6459634786417247, 0.07968022806731523, -0.004602176996969732);
  set(p + COS, 0.9999999999526005, -1.2337005406473731, 0.2536692039393043, -0.02086007131895493);
  store<f64>(p + COS, 0.0009036317035801626, 32);
  store<f64>(p + HALF, 0.5);
  store<f64>(p + TURN, 9.313225746154785e-10);
  store<u32>(p + SIGN32, 0x80000000);
  store<u32>(p + ROUND, 1 << 29);
  store<u32>(p + MULTIPLIER0, 0xd2511f53);
  store<u32>(p + MULTIPLIER1, 0xcd9e8d57);
  set(p + TOP, 2.506628245065223, -26.774822239082205, 99.44470629510084, -144.02238571265775);
  store<f64>(p + TOP, 54.95620435087952, 32);
  store<f64>(p + TOP, 9.709537085773112, 40);
  set(p + BOTTOM, 1, -11.728810240932694, 49.65242071802206, -88.69865892297595);
  store<f64>(p + BOTTOM, 55.08151819594766, 32);
  store<f64>(p + UNIT, 2.3283064365386963e-10);
  store<f64>(p + BELOW, 0.0227501319481792 - 0.5);
  store<f64>(p + MASS, 0.954499736103642);
}

/** A float64 or 64-bit constant in both lanes. */
@inline
export function constant(p: usize, which: usize): v128 {
  return v128.load64_splat(p + which);
}
