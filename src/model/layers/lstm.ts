import { defaultInitializer, initializerLaw } from '../initializers/catalogue.ts';
import type { RawConfig } from './kind.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';
import {
  type ActivationJson,
  readGateActivation,
  readRecurrent,
  type RecurrentConfig,
  recurrentKind,
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
export const lstm = recurrentKind<LstmConfig>({
  id: 'lstm',
  classes: ['LSTM', 'LSTMCell', 'CuDNNLSTM'],
  gates: 4,
  states: 2,
  config: (raw) => ({
    ...readRecurrent(raw),
    recurrentActivation: readGateActivation(raw),
    unitForgetBias: readForgetBias(raw),
  }),
  bias: (written, { unitForgetBias }, raw) => lstmBias(written, unitForgetBias, raw.semantics),
});
