import * as tf from '@tensorflow/tfjs-core';
import type { GruConfig } from '../../model/layers/gru.ts';
import type { LstmConfig } from '../../model/layers/lstm.ts';
import type { RecurrentConfig } from '../../model/layers/recurrent.ts';
import type { RnnConfig } from '../../model/layers/rnn.ts';
import type { Forward, LayerCall } from './forward.ts';
import { gruCell } from './gru.ts';
import { lstmCell } from './lstm.ts';
import { type Cell, unroll } from './recurrence.ts';
import { simpleRnnCell } from './simpleRnn.ts';

const CELLS: Readonly<Record<string, { readonly states: number; make(call: LayerCall): Cell }>> = {
  simpleRnn: { states: 1, make: (call) => simpleRnnCell(call as unknown as LayerCall<RecurrentConfig>) },
  lstm: { states: 2, make: (call) => lstmCell(call as unknown as LayerCall<LstmConfig>) },
  gru: { states: 1, make: (call) => gruCell(call as unknown as LayerCall<GruConfig>) },
};

/** A loop of stacked cells. Cells see no other cell's past, so that they are run one after the other over the whole sequence. */
export const rnn: Forward<RnnConfig> = (call) => {
  const { goBackwards, returnSequences, returnState } = call.config;
  const [first, ...given] = call.inputs;
  const mask = call.mask();
  const turn = (x: tf.Tensor) => (goBackwards ? tf.reverse(x, 1) : x);
  const all = { returnSequences: true, returnState: true, goBackwards: false };
  let sequence = turn(first!);
  const states: tf.Tensor[] = [];
  let taken = 0;
  for (const inner of call.layer.inner ?? []) {
    const kind = CELLS[inner.kind]!;
    const own = call.within(inner, [sequence], {
      name: inner.name,
      mask: mask === undefined ? undefined : turn(mask),
    });
    const start = given.slice(taken, (taken += kind.states));
    const [outputs, ...after] = unroll(own, sequence, kind.make(own), all, start);
    sequence = outputs!;
    states.push(...after);
  }
  if (!returnSequences) call.setMask(undefined);
  const steps = sequence.shape[1]!;
  const last = () => tf.squeeze(tf.slice(sequence, [0, steps - 1], [-1, 1]), [1]);
  const output = returnSequences ? sequence : last();
  return returnState ? [output, ...states] : [output];
};
