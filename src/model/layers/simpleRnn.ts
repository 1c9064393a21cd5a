import { declareWeight } from './declare.ts';
import type { LayerKind } from './kind.ts';
import {
  readRecurrent,
  readRecurrentInitializers,
  RECURRENT_ARGUMENTS,
  type RecurrentConfig,
  recurrentOutputs,
  recurrentWeights,
  stepFeatures,
} from './recurrent.ts';

/** h ← φ(x·W + h·U + b). */
export const simpleRnn: LayerKind<RecurrentConfig> = {
  id: 'simpleRnn',
  classes: ['SimpleRNN', 'SimpleRNNCell'],
  signal: 'weighted',
  callArguments: RECURRENT_ARGUMENTS,
  parse: (raw) => {
    const activation = raw.activation(['activation'], 'tanh');
    return {
      config: readRecurrent(raw),
      ...(activation === undefined ? {} : { activation }),
      initializers: readRecurrentInitializers(raw),
    };
  },
  outputs: (config, inputs) => recurrentOutputs(config, inputs, 1),
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const plans = recurrentWeights(config, stepFeatures(inputs).features, 1, [config.units]);
    return plans.map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: ({ units }, inputs) => {
    const { steps, features } = stepFeatures(inputs);
    return steps * (features + units) * units;
  },
};
