import { declareWeight, onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type EmbeddingConfig = {
  readonly inputDim: number;
  readonly outputDim: number;
  readonly maskZero: boolean;
};

/** Rows of a table chosen by integer ids: embeddings (vocabulary, size). */
export const embedding: LayerKind<EmbeddingConfig> = {
  id: 'embedding',
  classes: ['Embedding'],
  signal: 'weighted',
  parse: (raw) => ({
    config: {
      inputDim: raw.size(['input_dim']),
      outputDim: raw.size(['output_dim']),
      maskZero: raw.boolean(['mask_zero'], false),
    },
    initializers: { embeddings: raw.initializer(['embeddings_initializer', 'init'], 'randomUniform') },
  }),
  outputs: (config, inputs) => [[...onlyInput(inputs), config.outputDim]],
  weights: (parsed, _inputs, semantics) => {
    const { inputDim, outputDim } = parsed.config;
    const shape = [inputDim, outputDim];
    return [
      declareWeight(
        { name: 'embeddings', part: 'table', shape, effective: [1, outputDim] },
        parsed,
        semantics,
      ),
    ];
  },
  multiplyAdds: (config, inputs) =>
    product(
      onlyInput(inputs)
        .slice(1)
        .map((size) => size ?? 1),
    ) * config.outputDim,
};
