import * as tf from '@tensorflow/tfjs-core';
import type { CategoryEncodingConfig } from '../../model/layers/categoryEncoding.ts';
import type { Forward } from './forward.ts';

/** Ids as one-hot, multi-hot or count vectors. */
export const categoryEncoding: Forward<CategoryEncodingConfig> = (call) => {
  const { numTokens, mode } = call.config;
  const ids = tf.cast(call.inputs[0]!, 'int32');
  const hot = tf.cast(tf.oneHot(ids, numTokens), 'float32');
  if (mode === 'oneHot')
    return ids.shape.at(-1) === 1 && ids.rank > 1 ? tf.squeeze(hot, [ids.rank - 1]) : hot;
  if (ids.rank === 1) return hot;
  return mode === 'multiHot' ? tf.max(hot, ids.rank - 1) : tf.sum(hot, ids.rank - 1);
};
