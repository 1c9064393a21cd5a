import * as tf from '@tensorflow/tfjs-core';
import type { ActivationSpec } from '../../model/activations/activation.ts';
import { PLAIN } from './plain.ts';
import { RECTIFIERS } from './rectifiers.ts';
import { SATURATING } from './saturating.ts';
import { SMOOTH_RECTIFIERS } from './smooth.ts';

/** Parameters of an activation; every one of the catalogue row is there. */
export type ActivationParams = Readonly<Record<string, number>>;

/** φ on tensors, with a gradient everywhere tfjs has one. Tables are keyed by the ids of `model/activations/catalogue.ts`. */
export type ActivationForward = (z: tf.Tensor, params: ActivationParams) => tf.Tensor;

/** Every activation that the engine runs, by catalogue id. */
export const ACTIVATION_FORWARDS: Readonly<Record<string, ActivationForward>> = {
  ...PLAIN,
  ...RECTIFIERS,
  ...SMOOTH_RECTIFIERS,
  ...SATURATING,
};

/** Applies an activation (the identity when there is none). Throws a RangeError for an id without a forward: ids come from us. */
export function applyActivation(z: tf.Tensor, spec: ActivationSpec | undefined): tf.Tensor {
  if (spec === undefined || spec.id === 'linear') return z;
  const forward = Object.hasOwn(ACTIVATION_FORWARDS, spec.id) ? ACTIVATION_FORWARDS[spec.id] : undefined;
  if (forward === undefined) throw new RangeError(`no forward for the activation '${spec.id}'`);
  return tf.tidy(() => forward(z, spec.params));
}
