import { defaultInitializer } from '../initializers/catalogue.ts';
import { declareWeight, onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { handedOn, type InnerJson, innerJson, innerOf, innerWeights, kindOf, readInner } from './wrapped.ts';

export type SpectralNormConfig = { readonly layer: InnerJson; readonly powerIterations: number };

/** A layer whose kernel is divided by its largest singular value (estimated by power iteration); inner layer `layer`. */
export const spectralNorm: LayerKind<SpectralNormConfig> = {
  id: 'spectralNorm',
  classes: ['SpectralNormalization'],
  signal: 'weighted',
  parse: (raw) => {
    const inner = readInner(raw.nested('layer'), 'layer');
    const start = defaultInitializer('truncatedNormal', raw.semantics);
    return {
      config: { layer: innerJson(inner), powerIterations: raw.size(['power_iterations'], 1) },
      initializers: { vector_u: { ...start, params: { ...start.params, stddev: 0.02 } } },
      ...handedOn(inner),
    };
  },
  outputs: (config, inputs) => kindOf(config.layer).outputs(config.layer.config, [onlyInput(inputs)]),
  weights: (parsed, inputs, semantics) => {
    const weights = innerOf(parsed).flatMap((inner) => innerWeights(inner, 'layer', inputs, semantics));
    const kernel = weights.find((weight) => weight.part === 'kernel' || weight.part === 'table');
    const shape = [1, kernel?.shape.at(-1) ?? 1];
    const vector = { name: 'vector_u', part: 'statistic', shape, trainable: false } as const;
    return [...weights, declareWeight(vector, parsed, semantics)];
  },
  multiplyAdds: (config, inputs) => kindOf(config.layer).multiplyAdds(config.layer.config, inputs),
};
