import { countedSize } from '../shape.ts';
import { declareWeight, onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { axisSizes, readAxes } from './normAxes.ts';
import { scaleAndOffset } from './scaleAndOffset.ts';

export type LayerNormConfig = {
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
};

/** Normalization of each sample over `axes`. Keras 3's old option `rms_scaling` divides by the deviation without centring. */
export const layerNorm: LayerKind<LayerNormConfig & { readonly rmsScaling: boolean }> = {
  id: 'layerNorm',
  classes: ['LayerNormalization'],
  signal: 'norm',
  parse: (raw) => {
    const rmsScaling = raw.boolean(['rms_scaling'], false);
    return {
      config: {
        axes: readAxes(raw, -1),
        epsilon: raw.number(['epsilon'], 1e-3),
        center: !rmsScaling && raw.boolean(['center'], true),
        scale: rmsScaling || raw.boolean(['scale'], true),
        rmsScaling,
      },
      initializers: {
        gamma: raw.initializer(['gamma_initializer'], 'ones'),
        beta: raw.initializer(['beta_initializer'], 'zeros'),
      },
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, undefined, 2);
    axisSizes(config.axes, input);
    return [input];
  },
  weights: (parsed, inputs, semantics) => {
    const shape = axisSizes(parsed.config.axes, onlyInput(inputs));
    return scaleAndOffset(parsed.config, shape).map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (_config, inputs) => 2 * countedSize(onlyInput(inputs)),
};
