import { presetKind } from './scaled.ts';

/** LeCun et al. 1998: variance 1/fan_in, normal. */
export const leCunNormal = presetKind({
  id: 'leCunNormal',
  names: ['LecunNormal', 'LeCunNormal', 'lecun_normal'],
  className: 'LecunNormal',
  scale: 1,
  mode: 'fanIn',
  distribution: 'normal',
  torch: 'kaiming_normal_',
});
