import type { LayerSpec } from '../../model/spec.ts';
import type { Shape } from '../../model/shape.ts';
import type { LayerLaw, Propagated } from '../law.ts';
import { sum, type Signal } from '../signal.ts';

type Find = (kind: string) => LayerLaw | undefined;

const withoutTime = (shape: Shape): Shape => [shape[0] ?? null, ...shape.slice(2)];

/** The wrapped layer with its own weights: the wrapper holds them under `part/…`. */
export function wrapped(layer: LayerSpec): LayerSpec | undefined {
  const [inner] = layer.inner ?? [];
  if (inner === undefined || inner.weights.length > 0) return inner;
  const prefix = `${inner.name}/`;
  const weights = layer.weights
    .filter(({ name }) => name.startsWith(prefix))
    .map((weight) => ({ ...weight, name: weight.name.slice(prefix.length) }));
  return { ...inner, weights };
}

const NONE = 'there is no moment law for what it wraps';

/** How two independent directions of equal moments are joined: the signal, and the share of the squared gradient each receives. */
function joined(mode: unknown, one: Signal): { readonly signal: Signal; readonly share: number } | undefined {
  switch (mode) {
    case 'concat':
      return { signal: one, share: 1 / 2 };
    case 'sum':
      return { signal: sum([one, one], [1, 1]), share: 1 };
    case 'ave':
      return { signal: sum([one, one], [1 / 2, 1 / 2]), share: 1 / 4 };
    default:
      return undefined;
  }
}

/** Bidirectional: both directions have the moments of one; concatenated they keep them. */
export const bidirectionalLaw =
  (find: Find): LayerLaw =>
  (input) => {
    const inner = wrapped(input.layer);
    const law = inner === undefined ? undefined : find(inner.kind);
    if (inner === undefined || law === undefined) return NONE;
    const made = law({ ...input, layer: inner });
    if (typeof made === 'string') return made;
    const [first, ...states] = made.outputs;
    const mode = input.layer.config['mergeMode'] ?? 'concat';
    const both = first === undefined ? undefined : joined(mode, first);
    if (both === undefined) return `there is no moment law for two directions joined by ${String(mode)}`;
    const back: Propagated['back'] = ({ energy }) => {
      const sent = made.back({ energy: energy * both.share });
      return sent && { own: energy, inputs: sent.inputs.map((each) => ({ energy: 2 * each.energy })) };
    };
    return { outputs: [both.signal, ...states], back };
  };

/** TimeDistributed: the wrapped layer at every step, steps being positions alike. */
export const timeDistributedLaw =
  (find: Find): LayerLaw =>
  (input) => {
    const inner = wrapped(input.layer);
    const law = inner === undefined ? undefined : find(inner.kind);
    if (inner === undefined || law === undefined) return NONE;
    const node = { ...input.node, outputs: input.node.outputs.map(withoutTime) };
    return law({ ...input, layer: inner, node, inputShapes: input.inputShapes.map(withoutTime) });
  };
