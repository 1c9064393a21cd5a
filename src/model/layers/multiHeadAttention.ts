import { InputError } from '../problem.ts';
import { formatShape, type Shape } from '../shape.ts';
import {
  declareWeight,
  defaultKernel,
  knownSize,
  product,
  type WeightPlan,
  wholeNumbers,
} from './declare.ts';
import { readAxisAware } from './einsumDense.ts';
import type { LayerKind, ParsedLayer, RawConfig } from './kind.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';

export type MultiHeadAttentionConfig = {
  readonly heads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  readonly useBias: boolean;
  readonly useGate: boolean;
  /** Sizes of the output after the query's positions; null: the query's own. */
  readonly outputShape: readonly number[] | null;
  /** Axes attended over; null: all between the batch and the features. */
  readonly attentionAxes: readonly number[] | null;
  readonly axisAware: boolean;
};

/** The projections' initializers: all share the layer's two. */
export function projectionInitializers(raw: RawConfig): Readonly<Record<string, InitializerSpec>> {
  const kernel = raw.initializer(['kernel_initializer'], defaultKernel(raw.semantics));
  const bias = raw.initializer(['bias_initializer'], 'zeros');
  const names = ['query', 'key', 'value', 'gate', 'attention_output'];
  return Object.fromEntries(
    names.flatMap((name) => [
      [`${name}/kernel`, kernel],
      [`${name}/bias`, bias],
    ]),
  );
}

/** One projection: kernel over the last `summed` sizes into `out`, and its bias. */
export function projection(
  name: string,
  summed: readonly number[],
  out: readonly number[],
  useBias: boolean,
  axisAware: boolean,
): readonly WeightPlan[] {
  const effective = [product(summed), product(out)] as const;
  const shape = [...summed, ...out];
  const fans = axisAware ? { fans: effective } : {};
  return [
    { name: `${name}/kernel`, part: 'kernel', shape, effective, key: 'kernel_initializer', ...fans },
    ...(useBias
      ? [{ name: `${name}/bias`, part: 'bias', shape: out, key: 'bias_initializer' } as const]
      : []),
  ];
}

/** Query, value and key of a call; the key is the value unless given. */
export function attended(inputs: readonly Shape[]): {
  readonly query: Shape;
  readonly value: Shape;
  readonly key: Shape;
} {
  const [query, value = query, key = value] = inputs;
  if (query === undefined || value === undefined || key === undefined || query.length < 3)
    throw new InputError({
      message: 'Attention needs a query and a value of at least 3 dimensions.',
      found: inputs.map(formatShape).join(', ') || 'no input',
    });
  return { query, value, key };
}

function plans(
  parsed: ParsedLayer<MultiHeadAttentionConfig>,
  inputs: readonly Shape[],
): readonly WeightPlan[] {
  const { heads, keyDim, valueDim, useBias, useGate, outputShape, axisAware } = parsed.config;
  const { query, value, key } = attended(inputs);
  const out = outputShape ?? [knownSize(query, -1)];
  return [
    ...projection('query', [knownSize(query, -1)], [heads, keyDim], useBias, axisAware),
    ...projection('key', [knownSize(key, -1)], [heads, keyDim], useBias, axisAware),
    ...(useGate ? projection('gate', [knownSize(query, -1)], [heads, valueDim], useBias, axisAware) : []),
    ...projection('value', [knownSize(value, -1)], [heads, valueDim], useBias, axisAware),
    ...projection('attention_output', [heads, valueDim], out, useBias, axisAware),
  ];
}

/** Multi-head attention: projections `query`, `key`, `value` (features, heads, size) and `attention_output` (heads, size, out). */
export const multiHeadAttention: LayerKind<MultiHeadAttentionConfig> = {
  id: 'multiHeadAttention',
  classes: ['MultiHeadAttention'],
  signal: 'weighted',
  callArguments: ['query', 'value', 'key'],
  parse: (raw) => {
    const keyDim = raw.size(['key_dim']);
    const shape: unknown = raw.raw('output_shape') ?? null;
    const axes: unknown = raw.raw('attention_axes') ?? null;
    return {
      config: {
        heads: raw.size(['num_heads']),
        keyDim,
        valueDim: raw.size(['value_dim'], keyDim),
        useBias: raw.boolean(['use_bias'], true),
        useGate: raw.boolean(['use_gate'], false),
        outputShape: shape === null ? null : wholeNumbers(shape),
        attentionAxes: axes === null ? null : wholeNumbers(axes),
        axisAware: readAxisAware(raw),
      },
      initializers: projectionInitializers(raw),
    };
  },
  outputs: (config, inputs) => {
    const { query } = attended(inputs);
    return [config.outputShape === null ? query : [...query.slice(0, -1), ...config.outputShape]];
  },
  weights: (parsed, inputs, semantics) =>
    plans(parsed, inputs).map((plan) => declareWeight(plan, parsed, semantics)),
  multiplyAdds: (config, inputs) => {
    const { query, value } = attended(inputs);
    const targets = product(query.slice(1, -1).map((size) => size ?? 1));
    const sources = product(value.slice(1, -1).map((size) => size ?? 1));
    const wide = config.heads * (config.keyDim + config.valueDim);
    return (targets * knownSize(query, -1) + sources * knownSize(value, -1) + targets * sources) * wide;
  },
};
