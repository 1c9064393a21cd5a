import { presetKind } from './scaled.ts';

/** LeCun et al. 1998: variance 1/fan_in, uniform. */
export const leCunUniform = presetKind({
  id: 'leCunUniform',
  names: ['LecunUniform', 'LeCunUniform', 'lecun_uniform'],
  className: 'LecunUniform',
  scale: 1,
  mode: 'fanIn',
  distribution: 'uniform',
  torch: 'kaiming_uniform_',
});
