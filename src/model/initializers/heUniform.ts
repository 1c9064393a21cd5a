import { presetKind } from './scaled.ts';

/** He et al. 2015: variance 2/fan_in, uniform. */
export const heUniform = presetKind({
  id: 'heUniform',
  names: ['HeUniform', 'he_uniform'],
  className: 'HeUniform',
  scale: 2,
  mode: 'fanIn',
  distribution: 'uniform',
  torch: 'kaiming_uniform_',
});
