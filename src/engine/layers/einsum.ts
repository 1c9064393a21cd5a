import * as tf from '@tensorflow/tfjs-core';

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Stand-ins for the axes that an ellipsis means. */
const HIDDEN = ['α', 'β', 'γ', 'δ', 'ε', 'ζ'];

/** One term's letters, its ellipsis written out as the letters given. */
function letters(term: string, hidden: readonly string[]): string[] {
  return term.split(/(\.\.\.)/).flatMap((part) => (part === '...' ? hidden : [...part]));
}

/** Axes of `from` in the order of `to`. */
function order(from: readonly string[], to: readonly string[]): number[] {
  return to.map((letter) => from.indexOf(letter));
}

/**
 * Einstein summation of two tensors as one batched matrix product, differentiable on every backend. Every letter stands at most once in a
 * term; letters of one input that nothing else names are summed out.
 */
export function einsum(equation: string, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [inputs = '', result = ''] = equation.split('->');
  const [first = '', second = ''] = inputs.split(',');
  const hidden = HIDDEN.slice(0, Math.max(0, a.rank - first.replace('...', '').length));
  let left = letters(first, first.includes('...') ? hidden : []);
  const right = letters(second, second.includes('...') ? hidden : []);
  const out = letters(result, result.includes('...') ? hidden : []);
  const alone = left.filter((letter) => !right.includes(letter) && !out.includes(letter));
  const x = alone.length === 0 ? a : tf.sum(a, order(left, alone));
  left = left.filter((letter) => !alone.includes(letter));
  const batch = left.filter((letter) => right.includes(letter) && out.includes(letter));
  const summed = left.filter((letter) => right.includes(letter) && !out.includes(letter));
  const leftOnly = left.filter((letter) => !right.includes(letter));
  const rightOnly = right.filter((letter) => !left.includes(letter));
  const sizes = new Map<string, number>();
  left.forEach((letter, i) => sizes.set(letter, x.shape[i]!));
  right.forEach((letter, i) => sizes.set(letter, b.shape[i]!));
  const size = (group: readonly string[]) => product(group.map((letter) => sizes.get(letter)!));
  const p = tf.reshape(tf.transpose(x, order(left, [...batch, ...leftOnly, ...summed])), [
    size(batch),
    size(leftOnly),
    size(summed),
  ]);
  const q = tf.reshape(tf.transpose(b, order(right, [...batch, ...summed, ...rightOnly])), [
    size(batch),
    size(summed),
    size(rightOnly),
  ]);
  const made = [...batch, ...leftOnly, ...rightOnly];
  const full = tf.reshape(
    tf.matMul(p, q),
    made.map((letter) => sizes.get(letter)!),
  );
  return tf.transpose(full, order(made, out));
}
