import type { Generated } from './families.ts';
import { GLOROT, type Init, Net, normal } from './net.ts';

/** How a transformer is varied. */
export interface TransformerVariation {
  /** Norms before each branch, or behind each sum. */
  readonly norm: 'pre' | 'post';
  /** Initializer of queries, keys and values. */
  readonly queries?: Init;
  /** Initializer of the token table. */
  readonly tokens?: Init;
  /** GPT-2's: N(0, 0.02²), ends of branches divided by √(2L). Else Keras's defaults. */
  readonly gpt2?: boolean;
}

const WIDTH = 64;
const STEPS = 16;
const VOCABULARY = 200;

/** A language model of this many blocks, four heads, GELU and a head over the vocabulary; `a1…` are its attentions, `u1…`, `v1…` its dense layers. */
export function transformer(name: string, blocks: number, variation: TransformerVariation): Generated {
  const { norm, gpt2 = false } = variation;
  const small = normal(0.02);
  const body = gpt2 ? small : GLOROT;
  const end = gpt2 ? normal(0.02 / Math.sqrt(2 * blocks)) : GLOROT;
  const places = gpt2 ? small : normal(0.02);
  const net = new Net(name, 'keras3');
  const table = (of: string, size: number, init: Init, from: string): string =>
    net.layer(
      'Embedding',
      { input_dim: size, output_dim: WIDTH, embeddings_initializer: init, name: of },
      from,
    );
  const layerNorm = (from: string): string => net.norm(from, 'LayerNormalization');
  const tokens = table('tokens', VOCABULARY, variation.tokens ?? small, net.input(STEPS));
  let at = net.add(tokens, table('places', STEPS, places, net.input(STEPS)));
  const branch = (inner: (from: string) => string): void => {
    const sum = net.add(at, inner(norm === 'pre' ? layerNorm(at) : at));
    at = norm === 'pre' ? sum : layerNorm(sum);
  };
  if (norm === 'post') at = layerNorm(at);
  const hidden: string[] = [];
  for (let block = 1; block <= blocks; block += 1) {
    const config = { num_heads: 4, key_dim: WIDTH / 4, kernel_initializer: variation.queries ?? body };
    branch((from) => net.layer('MultiHeadAttention', { ...config, name: `a${block}` }, from, from));
    branch((from) => {
      const wide = net.dense(from, 4 * WIDTH, body, 'gelu', { name: `u${block}` });
      return net.dense(wide, WIDTH, end, 'linear', { name: `v${block}` });
    });
    hidden.push(`a${block}`, `u${block}`, `v${block}`);
  }
  if (norm === 'pre') at = layerNorm(at);
  const out = net.dense(at, VOCABULARY, gpt2 ? small : GLOROT, 'softmax', { name: 'head' });
  return { name, text: net.json(out), hidden, semantics: 'keras3' };
}
