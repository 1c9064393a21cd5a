import { defaultInitializer, initializerLaw } from '../initializers/catalogue.ts';
import { declareWeight } from './declare.ts';
import type { LayerKind, RawConfig } from './kind.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';
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

export type LstmConfig = RecurrentConfig & {
  readonly recurrentActivation: ActivationJson;
  readonly unitForgetBias: boolean;
};

/** Does the forget gate start at 1? Keras yes unless told not to, TF.js no unless told to, Keras 1 by `forget_bias_init`. */
export function readForgetBias(raw: RawConfig): boolean {
  const old: unknown = raw.raw('forget_bias_init');
  if (typeof old === 'string') return old === 'one' || old === 'ones';
  return raw.boolean(['unit_forget_bias'], raw.semantics !== 'tfjs');
}

/** An LSTM's bias: the file's initializer, with ones for the forget gate where it starts at 1. */
export function lstmBias(
  bias: InitializerSpec,
  unitForgetBias: boolean,
  semantics: RawConfig['semantics'],
): InitializerSpec {
  if (!unitForgetBias) return bias;
  const law = initializerLaw(bias, { shape: [1], fanIn: 1, fanOut: 1 }, semantics);
  const base = law.kind === 'constant' ? law.value : 0;
  const ones = defaultInitializer('forgetGateOnes', semantics);
  return { ...ones, params: { ...ones.params, base }, written: 'unit_forget_bias' };
}

/** Long short-term memory, gates in the order i f c o. */
export const lstm: LayerKind<LstmConfig> = {
  id: 'lstm',
  classes: ['LSTM', 'LSTMCell', 'CuDNNLSTM'],
  signal: 'weighted',
  callArguments: RECURRENT_ARGUMENTS,
  parse: (raw) => {
    const activation = raw.activation(['activation'], 'tanh');
    const unitForgetBias = readForgetBias(raw);
    const initializers = readRecurrentInitializers(raw);
    const fast = raw.className.startsWith('CuDNN');
    return {
      config: {
        ...readRecurrent(raw),
        recurrentActivation: fast
          ? { id: 'sigmoid', params: {}, written: 'sigmoid' }
          : readGateActivation(raw),
        unitForgetBias,
      },
      ...(activation === undefined ? {} : { activation }),
      initializers: { ...initializers, bias: lstmBias(initializers.bias, unitForgetBias, raw.semantics) },
    };
  },
  outputs: (config, inputs) => recurrentOutputs(config, inputs, 2),
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const plans = recurrentWeights(config, stepFeatures(inputs).features, 4, [4 * config.units]);
    return plans.map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: ({ units }, inputs) => {
    const { steps, features } = stepFeatures(inputs);
    return 4 * steps * (features + units) * units;
  },
};
