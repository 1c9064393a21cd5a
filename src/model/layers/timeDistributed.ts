import type { Shape } from '../shape.ts';
import { knownSize, onlyInput } from './declare.ts';
import type { LayerKind, ParsedInner, ParsedLayer } from './kind.ts';
import { handedOn, type InnerJson, innerJson, innerOf, innerWeights, kindOf, readInner } from './wrapped.ts';

export type TimeDistributedConfig = { readonly layer: InnerJson };

/** The shapes of one step. Every input has the same steps. */
const step = (inputs: readonly Shape[]): readonly Shape[] => {
  onlyInput(inputs, undefined, 2);
  return inputs.map((input) => [input[0] ?? null, ...input.slice(2)]);
};

/** A layer that is read already, applied to every step. */
export function distributedOver(inner: ParsedInner): ParsedLayer<TimeDistributedConfig> {
  return { config: { layer: innerJson(inner) }, initializers: {}, ...handedOn(inner) };
}

/** A layer applied to every step by itself; inner layer `layer`. */
export const timeDistributed: LayerKind<TimeDistributedConfig> = {
  id: 'timeDistributed',
  classes: ['TimeDistributed'],
  signal: 'weighted',
  parse: (raw) => distributedOver(readInner(raw.nested('layer'), 'layer')),
  outputs: (config, inputs) => {
    const steps = onlyInput(inputs, undefined, 2)[1] ?? null;
    const outputs = kindOf(config.layer).outputs(config.layer.config, step(inputs));
    return outputs.map((shape) => [shape[0] ?? null, steps, ...shape.slice(1)]);
  },
  weights: (parsed, inputs, semantics) =>
    innerOf(parsed).flatMap((inner) => innerWeights(inner, 'layer', step(inputs), semantics)),
  multiplyAdds: (config, inputs) =>
    knownSize(onlyInput(inputs, undefined, 2), 1) *
    kindOf(config.layer).multiplyAdds(config.layer.config, step(inputs)),
};
