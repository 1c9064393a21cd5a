import type { ActivationConfig } from '../../model/layers/activation.ts';
import type { Forward } from './forward.ts';

/** A layer that is only an activation; a Softmax layer says its axis in its config. */
export const activation: Forward<ActivationConfig> = (call) => {
  const { activation: spec } = call.layer;
  const { axis } = call.config;
  if (spec === undefined || axis === -1 || !Object.hasOwn(spec.params, 'axis'))
    return call.activate(call.inputs[0]!, spec);
  return call.activate(call.inputs[0]!, { ...spec, params: { ...spec.params, axis } });
};
