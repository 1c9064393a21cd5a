import { layerKind } from './layers/catalogue.ts';
import type { LayerSpec, ModelSpec, NodeSpec, Role } from './spec.ts';

interface Graph {
  readonly nodes: readonly NodeSpec[];
  readonly index: ReadonlyMap<string, number>;
  /** By node: those that it takes from, and those that take from it. */
  readonly inputs: readonly (readonly number[])[];
  readonly consumers: readonly (readonly number[])[];
  readonly layerOf: (index: number) => LayerSpec;
}

function graphOf(spec: ModelSpec): Graph {
  const index = new Map(spec.nodes.map((node, i) => [node.id, i]));
  const byId = new Map(spec.layers.map((layer) => [layer.id, layer]));
  const consumers: number[][] = spec.nodes.map(() => []);
  const inputs = spec.nodes.map((node, i) => {
    const found: number[] = [];
    for (const ref of node.inputs) {
      const from = index.get(ref.node);
      if (from === undefined) continue;
      found.push(from);
      if (!consumers[from]?.includes(i)) consumers[from]?.push(i);
    }
    return found;
  });
  const layers = spec.nodes.map((node) => byId.get(node.layer));
  const layerOf = (i: number): LayerSpec => {
    const layer = layers[i];
    if (layer === undefined) throw new RangeError(`node ${i} has no layer`);
    return layer;
  };
  return { nodes: spec.nodes, index, inputs, consumers, layerOf };
}

const signalOf = (layer: LayerSpec): string => layerKind(layer.kind).signal;
const isWeighted = (layer: LayerSpec): boolean =>
  layer.weights.some(
    (weight) => weight.part === 'kernel' || weight.part === 'recurrent' || weight.part === 'table',
  );

/** Indices of the nodes that feed node `i`. */
function inputsOf(graph: Graph, i: number): readonly number[] {
  return graph.inputs[i] ?? [];
}

/** Immediate dominator of each node (−1 for none), nodes in topological order (Cooper, Harvey & Kennedy 2001). */
function dominators(graph: Graph): readonly number[] {
  const result: number[] = [];
  graph.nodes.forEach((_node, i) => {
    const inputs = inputsOf(graph, i);
    let common = inputs[0] ?? -1;
    for (const other of inputs) {
      let a = common;
      let b = other;
      while (a !== b && a >= 0 && b >= 0) {
        if (a > b) a = result[a] ?? -1;
        else b = result[b] ?? -1;
      }
      common = a === b ? a : -1;
    }
    result.push(common);
  });
  return result;
}

/** Most weighted layers on a way from the fork to node `i`, and the number of nodes looked at (bounded). */
function weightedBetween(graph: Graph, fork: number, i: number): number {
  const seen = new Set<number>();
  const stack = [i];
  let count = 0;
  while (stack.length > 0) {
    const at = stack.pop() ?? -1;
    if (at <= fork || seen.has(at)) continue;
    seen.add(at);
    if (isWeighted(graph.layerOf(at))) count++;
    stack.push(...inputsOf(graph, at));
  }
  return count;
}

/** The layers at the end of a branch: back from `i` to the last weighted layer, norms and scales on the way included. */
function branchEnd(graph: Graph, fork: number, i: number): readonly LayerSpec[] {
  const found: LayerSpec[] = [];
  let at = i;
  while (at > fork) {
    const layer = graph.layerOf(at);
    const signal = signalOf(layer);
    if (isWeighted(layer)) return [...found, layer];
    if (signal === 'norm' || layer.weights.some((weight) => weight.part === 'scale')) found.push(layer);
    const inputs = inputsOf(graph, at);
    if (inputs.length !== 1) return found;
    at = inputs[0] ?? -1;
  }
  return found;
}

/** Branches that end in an Add beside a shortcut: the ones with weights, against an identity or a projection. */
function residualEnds(graph: Graph, add: (layer: string, role: Role) => void): void {
  const sums = [...graph.nodes.keys()].filter((i) => {
    const { kind, config } = graph.layerOf(i);
    return kind === 'merge' && ['add', 'subtract'].includes(String(config['op']));
  });
  if (sums.length === 0) return;
  const dominator = dominators(graph);
  sums.forEach((i) => {
    const fork = dominator[i] ?? -1;
    const inputs = [...new Set(inputsOf(graph, i))];
    if (fork < 0 || inputs.length < 2) return;
    const weights = inputs.map((input) => weightedBetween(graph, fork, input));
    const least = Math.min(...weights);
    const most = Math.max(...weights);
    if (most === least || least > 1) return;
    inputs.forEach((input, k) => {
      if ((weights[k] ?? 0) <= least) return;
      for (const end of branchEnd(graph, fork, input)) {
        const scale = !isWeighted(end) && signalOf(end) !== 'norm';
        add(end.id, scale ? 'branch-scale' : 'residual-end');
      }
    });
  });
}

/** Node indices reached forward through layers that carry no weights and no merge; `stop` ends a way. */
function ahead(graph: Graph, i: number, pass: (layer: LayerSpec) => boolean): readonly number[] {
  const ends: number[] = [];
  const seen = new Set<number>();
  const stack = [...(graph.consumers[i] ?? [])];
  while (stack.length > 0) {
    const at = stack.pop() ?? -1;
    if (seen.has(at)) continue;
    seen.add(at);
    if (pass(graph.layerOf(at))) stack.push(...(graph.consumers[at] ?? []));
    else ends.push(at);
  }
  return ends;
}

const shapeOnly = (layer: LayerSpec): boolean => ['shape', 'regularizer'].includes(signalOf(layer));
const passive = (layer: LayerSpec): boolean => shapeOnly(layer) || signalOf(layer) === 'activation';
const GATES = new Set(['sigmoid', 'hard_sigmoid', 'tanh', 'softmax']);

/** Is the node a gate: squashed (by itself or right after) and then only multiplied with something else? */
function isGate(graph: Graph, i: number): boolean {
  const layer = graph.layerOf(i);
  let at = i;
  let squashed = layer.activation !== undefined && GATES.has(layer.activation.id);
  for (;;) {
    const [next, ...others] = graph.consumers[at] ?? [];
    if (next === undefined || others.length > 0) return false;
    const after = graph.layerOf(next);
    if (after.kind === 'merge') return squashed && after.config['op'] === 'multiply';
    if (!passive(after)) return false;
    if (after.activation !== undefined) squashed = GATES.has(after.activation.id);
    at = next;
  }
}

/** Weighted layers from which only passive layers lead to an output. */
function headsOf(graph: Graph, spec: ModelSpec): ReadonlySet<string> {
  const heads = new Set<string>();
  for (const output of spec.outputs) {
    if (output.cut === true) continue;
    const stack = [graph.index.get(output.ref.node) ?? -1];
    while (stack.length > 0) {
      const at = stack.pop() ?? -1;
      if (at < 0) continue;
      const layer = graph.layerOf(at);
      if (isWeighted(layer)) heads.add(layer.id);
      else if (passive(layer)) stack.push(...inputsOf(graph, at));
    }
  }
  return heads;
}

/** The same spec with each layer's roles, recognised from the graph alone. */
export function withRoles(spec: ModelSpec): ModelSpec {
  const graph = graphOf(spec);
  const roles = new Map<string, Role[]>(spec.layers.map((layer) => [layer.id, []]));
  const add = (layer: string, role: Role): void => {
    const known = roles.get(layer);
    if (known?.includes(role) === false) known.push(role);
  };
  const heads = headsOf(graph, spec);
  const calls = new Map<string, number>();
  graph.nodes.forEach((node, i) => {
    const layer = graph.layerOf(i);
    calls.set(layer.id, (calls.get(layer.id) ?? 0) + 1);
    const signal = signalOf(layer);
    if (signal === 'input') add(layer.id, 'input');
    if (signal === 'norm') add(layer.id, 'norm');
    if (layer.kind === 'embedding') add(layer.id, 'embedding');
    if (!isWeighted(layer)) return;
    add(layer.id, heads.has(layer.id) ? 'head' : 'hidden');
    const next = layer.activation === undefined ? ahead(graph, i, shapeOnly) : [];
    if (next.length > 0 && next.every((at) => signalOf(graph.layerOf(at)) === 'norm'))
      add(layer.id, 'before-norm');
    if (isGate(graph, i)) add(layer.id, 'gate');
    if (node.id !== layer.id) add(layer.id, 'tied');
  });
  residualEnds(graph, add);
  const layers = spec.layers.map((layer): LayerSpec => ({
    ...layer,
    roles: roles.get(layer.id) ?? [],
  }));
  return { ...spec, layers };
}
