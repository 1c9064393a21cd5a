import * as tf from '@tensorflow/tfjs-core';
import type { EmbeddingConfig } from '../../model/layers/embedding.ts';
import { timesMatrix } from './dense.ts';
import type { Forward, LayerCall } from './forward.ts';

/** The product with the table (or the reverse table), as logits of each id. */
function reverse(call: LayerCall<EmbeddingConfig>): tf.Tensor {
  const { ownReverse, softCap } = call.config;
  const kernel = ownReverse ? call.weight('reverse_embeddings') : tf.transpose(call.weight('embeddings'));
  const logits = call.tap('preActivation', timesMatrix(call.inputs[0]!, kernel));
  return softCap === 0 ? logits : tf.mul(tf.tanh(tf.div(logits, softCap)), softCap);
}

/** Rows of a table chosen by ids; with `maskZero` the id 0 is masked. A reverse call goes from rows to ids. */
export const embedding: Forward<EmbeddingConfig> = (call) => {
  if (call.kwargs['reverse'] === true) return reverse(call);
  const ids = tf.cast(call.inputs[0]!, 'int32');
  call.setMask(
    call.config.maskZero ? tf.cast(tf.notEqual(ids, tf.scalar(0, 'int32')), 'float32') : undefined,
  );
  return tf.gather(call.weight('embeddings'), ids, 0);
};
