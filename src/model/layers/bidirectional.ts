import type { Shape } from '../shape.ts';
import type { LayerKind } from './kind.ts';
import { RECURRENT_ARGUMENTS } from './recurrent.ts';
import { type InnerJson, innerJson, innerOf, innerWeights, kindOf, readInner } from './wrapped.ts';

export type BidirectionalConfig = {
  readonly mergeMode: 'concat' | 'sum' | 'mul' | 'ave' | 'none';
  readonly forward: InnerJson;
  readonly backward: InnerJson;
  readonly ownBackward: boolean;
};

const MODES = ['concat', 'sum', 'mul', 'ave', 'none'] as const;

/** A recurrent layer in both directions; inner layers `forward` and `backward`. */
export const bidirectional: LayerKind<BidirectionalConfig> = {
  id: 'bidirectional',
  classes: ['Bidirectional'],
  signal: 'weighted',
  callArguments: RECURRENT_ARGUMENTS,
  parse: (raw) => {
    const forward = readInner(raw.nested(raw.has('forward_layer') ? 'forward_layer' : 'layer'), 'forward');
    const own = (raw.raw('backward_layer') ?? null) !== null;
    const backward = own
      ? readInner(raw.nested('backward_layer'), 'backward')
      : { ...forward, name: 'backward' };
    const none = raw.has('merge_mode') && raw.raw('merge_mode') === null;
    return {
      config: {
        mergeMode: none ? 'none' : raw.string(['merge_mode'], MODES, 'concat'),
        forward: innerJson(forward),
        backward: innerJson(backward),
        ownBackward: own,
      },
      initializers: {},
      inner: [forward, backward],
    };
  },
  outputs: (config, inputs) => {
    const sequence = inputs.slice(0, 1);
    const [output = [null], ...states] = kindOf(config.forward).outputs(config.forward.config, sequence);
    const [back = [null], ...more] = kindOf(config.backward).outputs(config.backward.config, sequence);
    const joined: readonly Shape[] =
      config.mergeMode === 'none'
        ? [output, back]
        : config.mergeMode === 'concat'
          ? [[...output.slice(0, -1), (output.at(-1) ?? 0) + (back.at(-1) ?? 0)]]
          : [output];
    return [...joined, ...states, ...more];
  },
  weights: (parsed, inputs, semantics) =>
    innerOf(parsed).flatMap((inner) => {
      const key = inner.name === 'backward' && parsed.config.ownBackward ? 'backward_layer' : 'layer';
      return innerWeights(inner, key, inputs.slice(0, 1), semantics);
    }),
  multiplyAdds: (config, inputs) =>
    [config.forward, config.backward].reduce(
      (sum, inner) => sum + kindOf(inner).multiplyAdds(inner.config, inputs.slice(0, 1)),
      0,
    ),
};
