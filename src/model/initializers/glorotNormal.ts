import { presetKind } from './scaled.ts';

/** Glorot & Bengio 2010: variance 2/(fan_in + fan_out), normal. */
export const glorotNormal = presetKind({
  id: 'glorotNormal',
  names: ['GlorotNormal', 'glorot_normal', 'XavierNormal', 'xavier_normal_', 'xavier_normal'],
  className: 'GlorotNormal',
  scale: 1,
  mode: 'fanAvg',
  distribution: 'normal',
  torch: 'xavier_normal_',
});
