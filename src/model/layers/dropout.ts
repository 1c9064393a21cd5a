import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type DropoutConfig = { readonly rate: number };

/** Everything that only acts while training with noise, and is off here: dropout of all kinds and additive noise. */
export const dropout: LayerKind<DropoutConfig> = {
  id: 'dropout',
  classes: [
    ...[
      'Dropout',
      'SpatialDropout1D',
      'SpatialDropout2D',
      'SpatialDropout3D',
      'AlphaDropout',
      'GaussianDropout',
    ],
    'GaussianNoise',
  ],
  signal: 'regularizer',
  parse: (raw) => ({ config: { rate: raw.number(['rate', 'p', 'stddev', 'sigma'], 0) }, initializers: {} }),
  outputs: (_config, inputs) => [onlyInput(inputs)],
  weights: () => [],
  multiplyAdds: () => 0,
};
