import * as tf from '@tensorflow/tfjs-core';
import type { BidirectionalConfig } from '../../model/layers/bidirectional.ts';
import type { LayerSpec } from '../../model/spec.ts';
import { plus } from '../plus.ts';
import type { Forward } from './forward.ts';

const MERGES: Readonly<Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  concat: (a, b) => tf.concat([a, b], -1),
  sum: plus,
  mul: (a, b) => tf.mul(a, b),
  ave: (a, b) => tf.div(plus(a, b), 2),
};

/** A recurrent layer in both directions; where the backward one is a copy it runs the other way round. */
export const bidirectional: Forward<BidirectionalConfig> = (call) => {
  const [ahead, copy] = call.layer.inner as readonly [LayerSpec, LayerSpec];
  const turned = { ...copy.config, goBackwards: copy.config['goBackwards'] !== true };
  const back = call.config.ownBackward ? copy : { ...copy, config: turned };
  const [x, ...states] = call.inputs;
  const half = states.length / 2;
  const mask = call.mask();
  const [first, ...firstStates] = call.inner(ahead, [x!, ...states.slice(0, half)], {
    name: 'forward',
    mask,
  });
  const [last, ...lastStates] = call.inner(back, [x!, ...states.slice(half)], { name: 'backward', mask });
  const sequences = ahead.config['returnSequences'] === true;
  if (!sequences) call.setMask(undefined);
  const second = sequences ? tf.reverse(last!, 1) : last!;
  const merge = MERGES[call.config.mergeMode];
  const merged = merge === undefined ? [first!, second] : [merge(first!, second)];
  return [...merged, ...firstStates, ...lastStates];
};
