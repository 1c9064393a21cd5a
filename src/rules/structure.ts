import type { LayerSpec, ModelSpec, NodeSpec } from '../model/spec.ts';
import { graphOf } from '../model/specGraph.ts';
import type { Context } from './context.ts';

/** Nodes that take a node's output. */
export function consumers(spec: ModelSpec, node: string): readonly NodeSpec[] {
  return graphOf(spec).consumers.get(node) ?? [];
}

/** Whether a layer normalizes its input (not its weights). */
export function isNormKind(layer: LayerSpec | undefined): boolean {
  return layer !== undefined && /norm/i.test(layer.kind) && !/spectral/i.test(layer.kind);
}

/** The norm node directly after a node, looking through one-consumer reshapes. */
export function normAfter(context: Pick<Context, 'spec' | 'layers'>, node: string): string | undefined {
  let at = node;
  for (let step = 0; step < 4; step += 1) {
    const next = consumers(context.spec, at);
    const [only] = next;
    if (only === undefined || next.length > 1) return undefined;
    const layer = context.layers.get(only.layer);
    if (isNormKind(layer)) return only.id;
    if (layer === undefined || !/^(flatten|reshape|permute|dropout|identity)$/i.test(layer.kind))
      return undefined;
    at = only.id;
  }
  return undefined;
}

/** The node that applies a layer's activation: itself when fused, or the activation node behind it (through norms). */
export function activationNode(
  context: Pick<Context, 'spec' | 'layers'>,
  node: NodeSpec,
): NodeSpec | undefined {
  const layer = context.layers.get(node.layer);
  if (layer?.activation !== undefined && layer.activation.id !== 'linear') return node;
  let at: NodeSpec | undefined = node;
  for (let step = 0; step < 6; step += 1) {
    const next: readonly NodeSpec[] = consumers(context.spec, at.id);
    const [only] = next;
    const following: LayerSpec | undefined = only === undefined ? undefined : context.layers.get(only.layer);
    if (only === undefined || following === undefined || next.length > 1) return undefined;
    if (following.activation !== undefined && following.activation.id !== 'linear') {
      return following.weights.some((weight) => weight.part === 'kernel') ? undefined : only;
    }
    if (!isNormKind(following) && !/dropout|identity|pad|pool/i.test(following.kind)) return undefined;
    at = only;
  }
  return undefined;
}

/** Names of a model's first few layers in a sentence. */
export function listed(names: readonly string[], most = 3): string {
  const [first = '', second] = names;
  if (names.length <= most) return names.length === 2 ? `${first} and ${second ?? ''}` : names.join(', ');
  return `${first} and ${names.length - 1} more layers`;
}
