import { declareWeight, knownSize, product } from './declare.ts';
import { readAxisAware } from './einsumDense.ts';
import type { LayerKind } from './kind.ts';
import { attended, projection, projectionInitializers } from './multiHeadAttention.ts';

export type GroupedQueryAttentionConfig = {
  readonly headDim: number;
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly useBias: boolean;
  readonly useGate: boolean;
  readonly axisAware: boolean;
};

/** Attention in which several query heads share a key and value head; projections as in `multiHeadAttention`. */
export const groupedQueryAttention: LayerKind<GroupedQueryAttentionConfig> = {
  id: 'groupedQueryAttention',
  classes: ['GroupQueryAttention', 'GroupedQueryAttention'],
  signal: 'weighted',
  callArguments: ['query', 'value', 'key'],
  parse: (raw) => ({
    config: {
      headDim: raw.size(['head_dim']),
      queryHeads: raw.size(['num_query_heads']),
      keyValueHeads: raw.size(['num_key_value_heads']),
      useBias: raw.boolean(['use_bias'], true),
      useGate: raw.boolean(['use_gate'], false),
      axisAware: readAxisAware(raw),
    },
    initializers: projectionInitializers(raw),
  }),
  outputs: (_config, inputs) => [attended(inputs).query],
  weights: (parsed, inputs, semantics) => {
    const { headDim, queryHeads, keyValueHeads, useBias, useGate, axisAware } = parsed.config;
    const { query, value, key } = attended(inputs);
    const features = knownSize(query, -1);
    return [
      ...projection('query', [features], [queryHeads, headDim], useBias, axisAware),
      ...projection('key', [knownSize(key, -1)], [keyValueHeads, headDim], useBias, axisAware),
      ...(useGate ? projection('gate', [features], [queryHeads, headDim], useBias, axisAware) : []),
      ...projection('value', [knownSize(value, -1)], [keyValueHeads, headDim], useBias, axisAware),
      ...projection('attention_output', [queryHeads, headDim], [features], useBias, axisAware),
    ].map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => {
    const { query, value } = attended(inputs);
    const targets = product(query.slice(1, -1).map((size) => size ?? 1));
    const sources = product(value.slice(1, -1).map((size) => size ?? 1));
    const wide = 2 * config.queryHeads * config.headDim;
    return (
      (targets * knownSize(query, -1) + targets * sources) * wide +
      sources * knownSize(value, -1) * 2 * config.keyValueHeads * config.headDim
    );
  },
};
