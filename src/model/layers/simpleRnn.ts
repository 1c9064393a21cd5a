import { readRecurrent, type RecurrentConfig, recurrentKind } from './recurrent.ts';

/** h ← φ(x·W + h·U + b). */
export const simpleRnn = recurrentKind<RecurrentConfig>({
  id: 'simpleRnn',
  classes: ['SimpleRNN', 'SimpleRNNCell'],
  gates: 1,
  states: 1,
  config: readRecurrent,
});
