import { layerKind } from './layers/catalogue.ts';
import { InputError } from './problem.ts';
import type { LayerSpec, ModelSpec, NodeSpec, TensorRef } from './spec.ts';

/** A model with more layers than this is no experiment by hand any more. */
const MOST_LAYERS = 2000;

/** A weighted layer with the norm, activation and regularizers behind it, called once, in a row. */
type Segment = readonly NodeSpec[];

function segments(spec: ModelSpec): readonly Segment[] {
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  const consumers = new Map<string, NodeSpec[]>();
  const calls = new Map<string, number>();
  for (const node of spec.nodes) {
    calls.set(node.layer, (calls.get(node.layer) ?? 0) + 1);
    for (const { node: from } of node.inputs) consumers.set(from, [...(consumers.get(from) ?? []), node]);
  }
  const outputs = new Set(spec.outputs.map(({ ref }) => ref.node));
  const once = (node: NodeSpec): LayerSpec | undefined =>
    calls.get(node.layer) === 1 && node.inputs.length === 1 && node.outputs.length === 1
      ? layers.get(node.layer)
      : undefined;
  return spec.nodes.flatMap((first): Segment[] => {
    const layer = once(first);
    if (layer === undefined || layer.roles.includes('head') || layerKind(layer.kind).signal !== 'weighted')
      return [];
    const row = [first];
    for (;;) {
      const at = row.at(-1) ?? first;
      const next = consumers.get(at.id) ?? [];
      const [only] = next;
      const follower = only === undefined || next.length > 1 || outputs.has(at.id) ? undefined : once(only);
      const signal = follower === undefined ? '' : layerKind(follower.kind).signal;
      if (only === undefined || !['norm', 'activation', 'regularizer'].includes(signal)) break;
      row.push(only);
    }
    return [row];
  });
}

/** Whether what leaves a segment has the shape of what enters it. */
function keepsShape(spec: ModelSpec, segment: Segment): boolean {
  const [first] = segment;
  const from = first?.inputs[0];
  const entering = spec.nodes.find(({ id }) => id === from?.node)?.outputs[from?.output ?? 0];
  const leaving = segment.at(-1)?.outputs[0];
  return JSON.stringify(entering) === JSON.stringify(leaving) && entering !== undefined;
}

/** Layers whose rows can be repeated. */
export function repeatable(spec: ModelSpec): ReadonlySet<string> {
  return new Set(
    segments(spec).flatMap((segment) =>
      keepsShape(spec, segment) && segment[0] !== undefined ? [segment[0].layer] : [],
    ),
  );
}

/** The layers of the row that `layer` begins, itself first. Empty for a layer that begins none. */
export function rowOf(spec: ModelSpec, layer: string): readonly string[] {
  return (segments(spec).find(([first]) => first?.layer === layer) ?? []).map((node) => node.layer);
}

/**
 * Every weighted layer that keeps its input's shape, with what follows it up to the next one, `times` times in a row (only the
 * rows of `only` when given). Copies are named `dense×2`. Throws an InputError when there is none, or too many result.
 */
export function repeated(spec: ModelSpec, times: number, only?: ReadonlySet<string>): ModelSpec {
  const chosen = segments(spec).filter(
    (segment) => keepsShape(spec, segment) && (only === undefined || only.has(segment[0]?.layer ?? '')),
  );
  if (chosen.length === 0) {
    const asked = only === undefined ? 'no hidden layer gives' : `${[...only].join(', ')} does not give`;
    throw new InputError({ message: `${asked} the shape it takes: there is nothing to repeat` });
  }
  const added = chosen.reduce((sum, segment) => sum + segment.length, 0) * (times - 1);
  if (spec.layers.length + added > MOST_LAYERS)
    throw new InputError({ message: `that would be more than ${MOST_LAYERS} layers` });
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  const lasts = new Map(chosen.map((segment) => [segment.at(-1)?.id ?? '', segment]));
  const renamed = new Map<string, string>();
  const nodes: NodeSpec[] = [];
  const copies: LayerSpec[] = [];
  const refer = (ref: TensorRef): TensorRef => ({ ...ref, node: renamed.get(ref.node) ?? ref.node });
  for (const node of spec.nodes) {
    nodes.push({ ...node, inputs: node.inputs.map(refer) });
    const segment = lasts.get(node.id);
    if (segment === undefined) continue;
    let previous = node.id;
    for (let copy = 2; copy <= times; copy += 1) {
      for (const part of segment) {
        const layer = layers.get(part.layer);
        if (layer === undefined) continue;
        const id = `${layer.id}×${copy}`;
        copies.push({ ...layer, id, name: `${layer.name}×${copy}` });
        nodes.push({ ...part, id, layer: id, inputs: [{ node: previous, output: 0 }] });
        previous = id;
      }
    }
    renamed.set(node.id, previous);
  }
  return {
    ...spec,
    layers: [...spec.layers, ...copies],
    nodes,
    outputs: spec.outputs.map((output) => ({ ...output, ref: refer(output.ref) })),
  };
}
