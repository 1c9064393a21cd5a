import type { Semantics } from '../semantics.ts';
import type { ActivationSpec } from './activation.ts';

/** The name under which Keras 1 to 3 and TensorFlow.js take an activation without parameters. */
export function spellActivation({ id }: ActivationSpec, target: Semantics): string {
  return id === 'silu' && target !== 'keras3' ? 'swish' : id;
}
