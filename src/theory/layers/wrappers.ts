import type { Shape } from '../../model/shape.ts';
import type { LayerSpec } from '../../model/spec.ts';
import type { LayerLaw } from '../law.ts';
import type { Signal } from '../signal.ts';

type Find = (kind: string) => LayerLaw | string;

const withoutTime = (shape: Shape): Shape => [shape[0] ?? null, ...shape.slice(2)];

/** A wrapped layer with the weights that stand on its wrapper as `<name>/<weight>`. */
function unwrapped(wrapper: LayerSpec, inner: LayerSpec): LayerSpec {
  const prefix = `${inner.name}/`;
  const weights = wrapper.weights
    .filter((weight) => weight.name.startsWith(prefix))
    .map((weight) => ({ ...weight, name: weight.name.slice(prefix.length) }));
  return { ...inner, weights };
}

/** Bidirectional: both directions have the moments of one; concatenated they keep them. Sums, products and means of both have no law. */
export const bidirectionalLaw =
  (find: Find): LayerLaw =>
  (input) => {
    const { layer, node } = input;
    const [inner] = layer.inner ?? [];
    const law = inner === undefined ? 'it wraps nothing' : find(inner.kind);
    if (inner === undefined || typeof law === 'string') return String(law);
    const { mergeMode } = layer.config;
    if (mergeMode !== 'concat' && mergeMode !== 'none') return 'its directions are merged into one';
    const made = law({ ...input, layer: unwrapped(layer, inner) });
    if (typeof made === 'string') return made;
    const [output = made.pre] = made.outputs;
    const outputs = output === undefined ? made.outputs : node.outputs.map((): Signal => output);
    return { ...made, outputs, back: () => undefined };
  };

/** TimeDistributed: the wrapped layer at every step, steps being positions alike. */
export const timeDistributedLaw =
  (find: Find): LayerLaw =>
  (input) => {
    const [inner] = input.layer.inner ?? [];
    const law = inner === undefined ? 'it wraps nothing' : find(inner.kind);
    if (inner === undefined || typeof law === 'string') return String(law);
    const node = { ...input.node, outputs: input.node.outputs.map(withoutTime) };
    const layer = unwrapped(input.layer, inner);
    return law({ ...input, layer, node, inputShapes: input.inputShapes.map(withoutTime) });
  };

/** A loop of one cell has the law of the layer of that cell; of several, none. */
export const rnnLaw =
  (find: Find): LayerLaw =>
  (input) => {
    const [inner, ...more] = input.layer.inner ?? [];
    if (inner === undefined || more.length > 0) return 'several cells in one loop have no moment law';
    const law = find(inner.kind);
    return typeof law === 'string' ? law : law({ ...input, layer: unwrapped(input.layer, inner) });
  };
