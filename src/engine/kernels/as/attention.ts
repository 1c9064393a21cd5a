import { exp4 } from './functions';
import { addProduct, matmul } from './gemm';
import { at, load4, store4, sum4 } from './simd';
import { openWorkspace } from './workspace';

/**
 * Attention over heads that lie side by side: q [batch, targets, heads·size], k [batch, sources, heads/group·size], v likewise; `group` query heads in a row share a
 * key and value head. Products read and write the heads where they lie, so that nothing is transposed. Logits and weights are [batch, heads, targets, sources].
 */
let batch: i32 = 0;
let heads: i32 = 0;
let group: i32 = 1;
let targets: i32 = 0;
let sources: i32 = 0;
let workspace: usize = 0;

/** Opens the attention that the functions below work on. */
export function openAttention(samples: i32, all: i32, shared: i32, to: i32, from: i32, scratch: usize): void {
  batch = samples;
  heads = all;
  group = shared;
  targets = to;
  sources = from;
  workspace = scratch;
}

/** Head h of sample b in a tensor of `all` heads of `size` over `length` positions. */
@inline
function headAt(x: usize, b: i32, h: i32, length: i32, all: i32, size: i32): usize {
  return at(x, b * length * all * size + h * size);
}

@inline
function squareAt(x: usize, b: i32, h: i32): usize {
  return at(x, (b * heads + h) * targets * sources);
}

function scaleAll(x: usize, n: i32, by: f32): void {
  const factor = f32x4.splat(by);
  for (let i = 0; i < n; i += 4) store4(at(x, i), f32x4.mul(load4(at(x, i), n - i), factor), n - i);
}

/** logits = scale·q·kᵀ. */
export function attentionLogits(q: usize, k: usize, size: i32, scale: f32, logits: usize): void {
  const keys = heads / group;
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      matmul(
        targets, sources, size, headAt(q, b, h, targets, heads, size), heads * size, 0, headAt(k, b, h / group, sources, keys, size), keys * size, 1,
        squareAt(logits, b, h), sources, 0, -Infinity, Infinity, workspace,
      );
  scaleAll(logits, batch * heads * targets * sources, scale);
}

/** One row of weights in place: exp(x − max)/Σ. */
function softmaxRow(row: usize, n: i32): void {
  let most = f32x4.splat(-Infinity);
  let j = 0;
  for (; j + 4 <= n; j += 4) most = f32x4.max(most, v128.load(at(row, j)));
  let top = max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
  for (; j < n; j++) top = max(top, load<f32>(at(row, j)));
  const shift = f32x4.splat(top);
  let sums = f32x4.splat(0);
  for (j = 0; j + 4 <= n; j += 4) {
    const e = exp4(f32x4.sub(v128.load(at(row, j)), shift));
    sums = f32x4.add(sums, e);
    v128.store(at(row, j), e);
  }
  let sum = sum4(sums);
  if (j < n) {
    store4(at(row, j), exp4(f32x4.sub(load4(at(row, j), n - j), shift)), n - j);
    for (; j < n; j++) sum += load<f32>(at(row, j));
  }
  scaleAll(row, n, 1 / sum);
}

/** weights = softmax of the logits, to which `hidden` is added where a source comes after the target (`causal`) or the mask [batch, sources] (0: none) is 0. */
export function attentionWeights(logits: usize, causal: bool, mask: usize, hidden: f32, weights: usize): void {
  const line = <usize>sources << 2;
  for (let b = 0; b < batch; b++)
    for (let r = 0; r < heads * targets; r++) {
      memory.copy(weights, logits, line);
      if (causal) for (let j = r % targets + 1; j < sources; j++) store<f32>(at(weights, j), load<f32>(at(weights, j)) + hidden);
      if (mask)
        for (let j = 0; j < sources; j++)
          store<f32>(at(weights, j), load<f32>(at(weights, j)) + (1 - load<f32>(at(mask, b * sources + j))) * hidden);
      softmaxRow(weights, sources);
      logits += line;
      weights += line;
    }
}

/** out [batch, targets, heads·size] = weights·v. */
export function attentionValues(weights: usize, v: usize, size: i32, out: usize): void {
  const keys = heads / group;
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      matmul(
        targets, size, sources, squareAt(weights, b, h), sources, 0, headAt(v, b, h / group, sources, keys, size), keys * size, 0,
        headAt(out, b, h, targets, heads, size), heads * size, 0, -Infinity, Infinity, workspace,
      );
}

/** C of the first head of a group, and the sum over the others: aᵀ·x over the targets, a [targets, sources], x and C heads of `size`. */
function backToSources(squares: usize, x: usize, b: i32, h: i32, size: i32, out: usize): void {
  const keys = heads / group;
  const a = squareAt(squares, b, h), from = headAt(x, b, h, targets, heads, size), to = headAt(out, b, h / group, sources, keys, size);
  if (h % group == 0) matmul(sources, size, targets, a, sources, 1, from, heads * size, 0, to, keys * size, 0, -Infinity, Infinity, workspace);
  else {
    openWorkspace(workspace);
    addProduct(sources, size, targets, a, sources, true, from, heads * size, false, to, keys * size);
  }
}

/** One row of the softmax's gradient in place: d ← w·(d − Σ w·d). */
function softmaxRowBack(w: usize, d: usize, n: i32): void {
  let sums = f32x4.splat(0);
  for (let j = 0; j < n; j += 4) sums = f32x4.add(sums, f32x4.mul(load4(at(w, j), n - j), load4(at(d, j), n - j)));
  const sum = f32x4.splat(sum4(sums));
  for (let j = 0; j < n; j += 4) {
    const left = n - j;
    store4(at(d, j), f32x4.mul(load4(at(w, j), left), f32x4.sub(load4(at(d, j), left), sum)), left);
  }
}

/** From dy [batch, targets, heads·size] the gradients of the logits and of v. */
export function attentionBack(weights: usize, v: usize, dy: usize, size: i32, dLogits: usize, dv: usize): void {
  const keys = heads / group;
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++) {
      const d = squareAt(dLogits, b, h), w = squareAt(weights, b, h);
      matmul(
        targets, sources, size, headAt(dy, b, h, targets, heads, size), heads * size, 0, headAt(v, b, h / group, sources, keys, size), keys * size, 1,
        d, sources, 0, -Infinity, Infinity, workspace,
      );
      for (let t = 0; t < targets; t++) softmaxRowBack(at(w, t * sources), at(d, t * sources), sources);
      backToSources(weights, dy, b, h, size, dv);
    }
}

/** From the gradient of the logits those of q and k. */
export function attentionLogitsBack(dLogits: usize, q: usize, k: usize, size: i32, scale: f32, dq: usize, dk: usize): void {
  const keys = heads / group;
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++) {
      matmul(
        targets, size, sources, squareAt(dLogits, b, h), sources, 0, headAt(k, b, h / group, sources, keys, size), keys * size, 0,
        headAt(dq, b, h, targets, heads, size), heads * size, 0, -Infinity, Infinity, workspace,
      );
      backToSources(dLogits, q, b, h, size, dk);
    }
  scaleAll(dq, batch * targets * heads * size, scale);
  scaleAll(dk, batch * sources * keys * size, scale);
}
