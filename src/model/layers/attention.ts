import { defaultInitializer } from '../initializers/catalogue.ts';
import { InputError } from '../problem.ts';
import { countedSize, formatShape, type Shape } from '../shape.ts';
import { declareWeight, defaultKernel, knownSize } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type AttentionConfig = {
  readonly score: 'dot' | 'concat' | 'additive';
  readonly useScale: boolean;
  readonly causal: boolean;
};

function parts(inputs: readonly Shape[]): readonly [Shape, Shape, Shape] {
  const [query, value, key = value] = inputs;
  if (query === undefined || value === undefined || key === undefined || query.length < 3)
    throw new InputError({
      message: 'Attention needs a query and a value, and may have a key.',
      found: inputs.map(formatShape).join(', ') || 'no input',
      expected: '[query, value] or [query, value, key] of at least 3 dimensions',
    });
  return [query, value, key];
}

/** Attention without projections: softmax of q·k (Attention) or of v·tanh(q + k) (AdditiveAttention). */
export const attention: LayerKind<AttentionConfig> = {
  id: 'attention',
  classes: ['Attention', 'AdditiveAttention'],
  signal: 'merge',
  callArguments: ['query', 'value', 'key'],
  parse: (raw) => {
    const additive = raw.className === 'AdditiveAttention';
    const ones = defaultInitializer('ones', raw.semantics);
    return {
      config: {
        score: additive ? 'additive' : raw.string(['score_mode'], ['dot', 'concat'], 'dot'),
        useScale: raw.boolean(['use_scale'], additive),
        causal: raw.boolean(['causal', 'use_causal_mask'], false),
      },
      initializers: {
        scale: additive ? defaultInitializer(defaultKernel(raw.semantics), raw.semantics) : ones,
        concat_score_weight: ones,
      },
    };
  },
  outputs: (_config, inputs) => {
    const [query, value] = parts(inputs);
    return [[...query.slice(0, -1), value.at(-1) ?? null]];
  },
  weights: (parsed, inputs, semantics) => {
    const { score, useScale } = parsed.config;
    const [query] = parts(inputs);
    const scale = {
      name: 'scale',
      part: 'scale',
      shape: score === 'additive' ? [knownSize(query, -1)] : [],
    } as const;
    const concat = { name: 'concat_score_weight', part: 'scale', shape: [] } as const;
    const plans = [...(useScale ? [scale] : []), ...(score === 'concat' ? [concat] : [])];
    return plans.map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (_config, inputs) => {
    const [query, value] = parts(inputs);
    return 2 * countedSize(query) * knownSize(value, 1);
  },
};
