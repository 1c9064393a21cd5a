import * as tf from '@tensorflow/tfjs-core';
import type { EmbeddingConfig } from '../../model/layers/embedding.ts';
import type { Forward } from './forward.ts';

/** Rows of a table chosen by ids; with `maskZero` the id 0 is masked. */
export const embedding: Forward<EmbeddingConfig> = (call) => {
  const ids = tf.cast(call.inputs[0]!, 'int32');
  call.setMask(
    call.config.maskZero ? tf.cast(tf.notEqual(ids, tf.scalar(0, 'int32')), 'float32') : undefined,
  );
  return tf.gather(call.weight('embeddings'), ids, 0);
};
