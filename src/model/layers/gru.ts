import {
  type ActivationJson,
  readGateActivation,
  readRecurrent,
  type RecurrentConfig,
  recurrentKind,
} from './recurrent.ts';

export type GruConfig = RecurrentConfig & {
  readonly recurrentActivation: ActivationJson;
  /** Reset gate after the matrix product: two biases. The default of Keras 2 (tf-keras) and 3, not of TF.js and Keras 1. */
  readonly resetAfter: boolean;
};

/** Gated recurrent unit, gates in the order z r h. */
export const gru = recurrentKind<GruConfig>({
  id: 'gru',
  classes: ['GRU', 'GRUCell', 'CuDNNGRU'],
  gates: 3,
  states: 1,
  config: (raw) => ({
    ...readRecurrent(raw),
    recurrentActivation: readGateActivation(raw),
    resetAfter:
      raw.className.startsWith('CuDNN') ||
      raw.boolean(['reset_after'], raw.semantics !== 'tfjs' && !raw.has('inner_init')),
  }),
  biasShape: ({ resetAfter, units }) => (resetAfter ? [2, 3 * units] : [3 * units]),
});
