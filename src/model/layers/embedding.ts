import { declareWeight, onlyInput } from './declare.ts';
import type { CallOptions, LayerKind } from './kind.ts';
import { InputError } from '../problem.ts';
import { countedSize, formatShape, type Shape } from '../shape.ts';

export type EmbeddingConfig = {
  readonly inputDim: number;
  readonly outputDim: number;
  readonly maskZero: boolean;
  /** Called with `reverse` it multiplies by the table, or by a second one of its own. */
  readonly ownReverse: boolean;
  /** Logits of a reverse call are kept below it; 0: they are not. */
  readonly softCap: number;
};

const reversed = (options: CallOptions | undefined): boolean => options?.['reverse'] === true;

/** The input of a reverse call: its last axis meets the table's. */
function tableInput({ outputDim }: EmbeddingConfig, inputs: readonly Shape[]): Shape {
  const input = onlyInput(inputs, undefined, 2);
  if (input.at(-1) === outputDim) return input;
  throw new InputError({
    message: 'A reverse call multiplies by the table, whose rows have another size.',
    found: formatShape(input),
    expected: `a last axis of ${outputDim}`,
  });
}

/** Rows of a table chosen by integer ids: embeddings (vocabulary, size). ReversibleEmbedding is also called the other way round. */
export const embedding: LayerKind<EmbeddingConfig> = {
  id: 'embedding',
  classes: ['Embedding', 'ReversibleEmbedding'],
  signal: 'weighted',
  parse: (raw) => ({
    config: {
      inputDim: raw.size(['input_dim']),
      outputDim: raw.size(['output_dim']),
      maskZero: raw.boolean(['mask_zero'], false),
      ownReverse: !raw.boolean(['tie_weights'], true),
      softCap: raw.number(['logit_soft_cap'], 0),
    },
    initializers: {
      embeddings: raw.initializer(['embeddings_initializer', 'init'], 'randomUniform'),
      reverse_embeddings: raw.initializer(['embeddings_initializer'], 'randomUniform'),
    },
  }),
  outputs: (config, inputs, options) =>
    reversed(options)
      ? [[...tableInput(config, inputs).slice(0, -1), config.inputDim]]
      : [[...onlyInput(inputs), config.outputDim]],
  weights: (parsed, _inputs, semantics) => {
    const { inputDim, outputDim, ownReverse } = parsed.config;
    const shape = [inputDim, outputDim];
    const table = { name: 'embeddings', part: 'table', shape, effective: [1, outputDim] } as const;
    const reverse = {
      name: 'reverse_embeddings',
      part: 'kernel',
      shape: [outputDim, inputDim],
      effective: [outputDim, inputDim],
      key: 'embeddings_initializer',
    } as const;
    return (ownReverse ? [table, reverse] : [table]).map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs, options) =>
    countedSize(onlyInput(inputs)) * (reversed(options) ? config.inputDim : config.outputDim),
};
