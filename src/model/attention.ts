import type { LayerSpec, WeightSpec } from './spec.ts';

/** Whether a layer projects queries, keys and values. */
export const isAttention = (layer: LayerSpec): boolean => /attention/i.test(layer.kind);

/** Whether a kernel sizes attention logits: a norm behind the attention hides the scale of its output, never of these. */
export function makesLogits(layer: LayerSpec, weight: WeightSpec): boolean {
  return isAttention(layer) && weight.part === 'kernel' && /^(query|key|in_proj)/.test(weight.name);
}
