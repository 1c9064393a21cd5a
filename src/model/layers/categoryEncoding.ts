import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type CategoryEncodingConfig = {
  readonly numTokens: number;
  readonly mode: 'oneHot' | 'multiHot' | 'count';
};

/** Integer ids as one-hot, multi-hot or count vectors. */
export const categoryEncoding: LayerKind<CategoryEncodingConfig> = {
  id: 'categoryEncoding',
  classes: ['CategoryEncoding'],
  signal: 'shape',
  parse: (raw) => ({
    config: {
      numTokens: raw.size(['num_tokens', 'max_tokens']),
      mode: raw.string(['output_mode'], ['oneHot', 'multiHot', 'count'], 'multiHot'),
    },
    initializers: {},
  }),
  outputs: (config, inputs) => {
    const input = onlyInput(inputs);
    const single = input.length === 1 || input.at(-1) === 1;
    if (config.mode === 'oneHot')
      return [[...(single && input.length > 1 ? input.slice(0, -1) : input), config.numTokens]];
    return [[...(input.length > 1 ? input.slice(0, -1) : input), config.numTokens]];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
