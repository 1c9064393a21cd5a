import { presetKind } from './scaled.ts';

/** He et al. 2015: variance 2/fan_in, normal. */
export const heNormal = presetKind({
  id: 'heNormal',
  names: ['HeNormal', 'he_normal'],
  className: 'HeNormal',
  scale: 2,
  mode: 'fanIn',
  distribution: 'normal',
  torch: 'kaiming_normal_',
});
