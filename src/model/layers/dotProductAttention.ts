import { InputError } from '../problem.ts';
import { countedSize, formatShape, type Shape } from '../shape.ts';
import { knownSize } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type DotProductAttentionConfig = {
  /** What logits are multiplied by; null for 1/√size. */
  readonly scale: number | null;
  readonly causal: boolean;
};

/** Query, key and value, each [batch, positions, heads, size]. Throws an InputError where they do not fit. */
function parts(inputs: readonly Shape[]): readonly [Shape, Shape, Shape] {
  const [query, key, value] = inputs;
  const fits =
    query?.length === 4 &&
    key?.length === 4 &&
    value?.length === 4 &&
    query[3] === key[3] &&
    key[1] === value[1] &&
    key[2] === value[2] &&
    knownSize(query, 2) % knownSize(key, 2) === 0;
  if (fits) return [query, key, value];
  throw new InputError({
    message: 'The attention takes a query, a key and a value that fit.',
    found: inputs.map(formatShape).join(', ') || 'no input',
    expected: '[batch, positions, heads, size] each, of one size and with heads that divide the query’s',
  });
}

/** `keras.ops.dot_product_attention`: attention over heads that stand in an axis of their own, without projections. */
export const dotProductAttention: LayerKind<DotProductAttentionConfig> = {
  id: 'dotProductAttention',
  classes: ['DotProductAttention'],
  signal: 'merge',
  callArguments: ['query', 'key', 'value'],
  parse: (raw) => {
    const scale: unknown = raw.raw('scale');
    return {
      config: {
        scale: typeof scale === 'number' ? scale : null,
        causal: raw.boolean(['is_causal'], false),
      },
      initializers: {},
    };
  },
  outputs: (_config, inputs) => {
    const [query, , value] = parts(inputs);
    return [[...query.slice(0, 3), value[3] ?? null]];
  },
  weights: () => [],
  multiplyAdds: (_config, inputs) => {
    const [query, key] = parts(inputs);
    return 2 * countedSize(query) * knownSize(key, 1);
  },
};
