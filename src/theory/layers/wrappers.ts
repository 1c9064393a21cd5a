import type { Shape } from '../../model/shape.ts';
import type { LayerLaw } from '../law.ts';

type Find = (kind: string) => LayerLaw | undefined;

const withoutTime = (shape: Shape): Shape => [shape[0] ?? null, ...shape.slice(2)];

/** Bidirectional: both directions have the moments of one; concatenated they keep them. */
export const bidirectionalLaw =
  (find: Find): LayerLaw =>
  (input) => {
    const [inner] = input.layer.inner ?? [];
    const law = inner === undefined ? undefined : find(inner.kind);
    if (inner === undefined || law === undefined) return 'there is no moment law for what it wraps';
    const made = law({ ...input, layer: inner });
    return typeof made === 'string' ? made : { ...made, back: () => undefined };
  };

/** TimeDistributed: the wrapped layer at every step, steps being positions alike. */
export const timeDistributedLaw =
  (find: Find): LayerLaw =>
  (input) => {
    const [inner] = input.layer.inner ?? [];
    const law = inner === undefined ? undefined : find(inner.kind);
    if (inner === undefined || law === undefined) return 'there is no moment law for what it wraps';
    const node = { ...input.node, outputs: input.node.outputs.map(withoutTime) };
    return law({ ...input, layer: inner, node, inputShapes: input.inputShapes.map(withoutTime) });
  };
