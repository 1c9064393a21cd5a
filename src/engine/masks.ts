import * as tf from '@tensorflow/tfjs-core';
import type { LayerSpec } from '../model/spec.ts';
import type { Value } from './execute.ts';

/** Kinds that hand the mask of their first input on (Keras's `supports_masking`), unless they state another one. */
const KEEPING = new Set([
  ...['activation', 'prelu', 'dense', 'dropout', 'identity', 'rescaling', 'normalization', 'timeDistributed'],
  ...['batchNorm', 'layerNorm', 'groupNorm', 'unitNorm', 'attention', 'multiHeadAttention'],
  ...['groupedQueryAttention', 'simpleRnn', 'lstm', 'gru', 'rnn', 'convLstm', 'bidirectional'],
]);

/** A step counts where it counts in any of the masks (Keras 3) or in all of them (Keras 2, TF.js). */
function joined(masks: readonly tf.Tensor[], semantics: string): tf.Tensor | undefined {
  const [first, ...rest] = masks;
  return rest.reduce<tf.Tensor | undefined>(
    (all, next) => all && (semantics === 'keras3' ? tf.maximum(all, next) : tf.minimum(all, next)),
    first,
  );
}

function concatenated(layer: LayerSpec, inputs: readonly Value[], semantics: string): tf.Tensor | undefined {
  const [first] = inputs;
  if (first === undefined || first.tensor.rank < 3) return undefined;
  const masks = inputs.map(({ mask, tensor }) => mask ?? tf.ones(tensor.shape.slice(0, 2)));
  const axis = Number(layer.config['axis']);
  const along = axis < 0 ? axis + first.tensor.rank : axis;
  if (along === 1) return tf.concat(masks, 1);
  return along === first.tensor.rank - 1 ? joined(masks, semantics) : undefined;
}

/** The mask that a layer's output has by its inputs' masks, as the framework carries them; made inside the caller's tidy. */
export function carriedMask(
  layer: LayerSpec,
  inputs: readonly Value[],
  semantics: string,
): tf.Tensor | undefined {
  if (KEEPING.has(layer.kind)) return inputs[0]?.mask;
  const masks = inputs.flatMap(({ mask }) => mask ?? []);
  if (masks.length === 0) return undefined;
  if (layer.kind === 'concatenate') return concatenated(layer, inputs, semantics);
  if (layer.kind !== 'merge' || (semantics === 'keras3' && masks.length < inputs.length)) return undefined;
  return joined(masks, semantics);
}
