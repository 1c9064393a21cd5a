import { presetKind } from './scaled.ts';

/** Glorot & Bengio 2010: variance 2/(fan_in + fan_out), uniform. */
export const glorotUniform = presetKind({
  id: 'glorotUniform',
  names: ['GlorotUniform', 'glorot_uniform', 'XavierUniform', 'xavier_uniform_', 'xavier_uniform'],
  className: 'GlorotUniform',
  scale: 1,
  mode: 'fanAvg',
  distribution: 'uniform',
  torch: 'xavier_uniform_',
});
