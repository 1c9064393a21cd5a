import { layersById } from './everyLayer.ts';
import type { LayerSpec, ModelSpec, NodeSpec } from './spec.ts';

/** The graph asked from a layer downwards; built once per spec. */
interface SpecGraph {
  /** Layers by id, the inner ones of wrappers included. */
  readonly layers: ReadonlyMap<string, LayerSpec>;
  /** Nodes that take a node's output, by that node's id; as often as they take it. */
  readonly consumers: ReadonlyMap<string, readonly NodeSpec[]>;
  /** The first call of a layer. */
  readonly firstNode: ReadonlyMap<string, NodeSpec>;
  readonly outputs: ReadonlySet<string>;
}

const graphs = new WeakMap<ModelSpec, SpecGraph>();

/** Layers, consumers and outputs of a spec. */
export function graphOf(spec: ModelSpec): SpecGraph {
  const known = graphs.get(spec);
  if (known !== undefined) return known;
  const consumers = new Map<string, NodeSpec[]>();
  const firstNode = new Map<string, NodeSpec>();
  for (const node of spec.nodes) {
    if (!firstNode.has(node.layer)) firstNode.set(node.layer, node);
    for (const ref of node.inputs) {
      const known = consumers.get(ref.node);
      if (known === undefined) consumers.set(ref.node, [node]);
      else known.push(node);
    }
  }
  const outputs = new Set(spec.outputs.map((output) => output.ref.node));
  const graph = { layers: layersById(spec.layers), consumers, firstNode, outputs };
  graphs.set(spec, graph);
  return graph;
}
