import type { ActivationConfig } from '../../model/layers/activation.ts';
import type { Forward } from './forward.ts';

/** A layer that is only an activation. */
export const activation: Forward<ActivationConfig> = (call) =>
  call.activate(call.inputs[0]!, call.layer.activation);
