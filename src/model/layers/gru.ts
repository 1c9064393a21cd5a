import { declareWeight } from './declare.ts';
import type { LayerKind } from './kind.ts';
import {
  type ActivationJson,
  readGateActivation,
  readRecurrent,
  readRecurrentInitializers,
  RECURRENT_ARGUMENTS,
  type RecurrentConfig,
  recurrentOutputs,
  recurrentWeights,
  stepFeatures,
} from './recurrent.ts';

export type GruConfig = RecurrentConfig & {
  readonly recurrentActivation: ActivationJson;
  /** Reset gate after the matrix product: two biases. The default of Keras 2 (tf-keras) and 3, not of TF.js and Keras 1. */
  readonly resetAfter: boolean;
};

/** Gated recurrent unit, gates in the order z r h. */
export const gru: LayerKind<GruConfig> = {
  id: 'gru',
  classes: ['GRU', 'GRUCell', 'CuDNNGRU'],
  signal: 'weighted',
  callArguments: RECURRENT_ARGUMENTS,
  parse: (raw) => {
    const activation = raw.activation(['activation'], 'tanh');
    const fast = raw.className.startsWith('CuDNN');
    return {
      config: {
        ...readRecurrent(raw),
        recurrentActivation: fast
          ? { id: 'sigmoid', params: {}, written: 'sigmoid' }
          : readGateActivation(raw),
        resetAfter: fast || raw.boolean(['reset_after'], raw.semantics !== 'tfjs' && !raw.has('inner_init')),
      },
      ...(activation === undefined ? {} : { activation }),
      initializers: readRecurrentInitializers(raw),
    };
  },
  outputs: (config, inputs) => recurrentOutputs(config, inputs, 1),
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const bias = config.resetAfter ? [2, 3 * config.units] : [3 * config.units];
    const plans = recurrentWeights(config, stepFeatures(inputs).features, 3, bias);
    return plans.map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: ({ units }, inputs) => {
    const { steps, features } = stepFeatures(inputs);
    return 3 * steps * (features + units) * units;
  },
};
