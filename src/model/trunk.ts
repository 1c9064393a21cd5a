import type { ModelSpec, NodeSpec } from './spec.ts';

/** Nodes that a node takes tensors from: its inputs and the references among its keyword arguments. */
function sourcesOf(node: NodeSpec): readonly string[] {
  const sources = node.inputs.map((ref) => ref.node);
  if (node.kwargs === undefined) return sources;
  for (const value of Object.values(node.kwargs)) {
    if (typeof value === 'object' && value !== null && 'node' in value && typeof value.node === 'string') {
      sources.push(value.node);
    }
  }
  return sources;
}

const MODULUS = 2_147_483_629;
const HALF = 0x10000;
/** The product modulo the prime, in two halves, each of which is exact in a double. */
const product = (left: number, right: number): number => {
  const high = (left * Math.floor(right / HALF)) % MODULUS;
  return (high * HALF + left * (right % HALF)) % MODULUS;
};

/**
 * Nodes that lie on every path from an input to an output (rules.md 'trunk'), by counting paths modulo a prime: a node is on all
 * of them when paths into it times paths out of it is their number. Several inputs count as one source, outputs as one sink.
 */
export function trunk(spec: ModelSpec): ReadonlySet<string> {
  const into = new Map<string, number>();
  const outOf = new Map<string, number>();
  for (const node of spec.nodes) {
    let paths: number | undefined;
    for (const source of sourcesOf(node)) {
      const ways = into.get(source);
      if (ways !== undefined) paths = ((paths ?? 0) + ways) % MODULUS;
    }
    into.set(node.id, paths ?? 1);
  }
  for (const { ref } of spec.outputs) outOf.set(ref.node, (outOf.get(ref.node) ?? 0) + 1);
  for (const node of spec.nodes.toReversed()) {
    const paths = outOf.get(node.id) ?? 0;
    for (const source of sourcesOf(node)) outOf.set(source, ((outOf.get(source) ?? 0) + paths) % MODULUS);
  }
  let total = 0;
  for (const { ref } of spec.outputs) total = (total + (into.get(ref.node) ?? 0)) % MODULUS;
  const result = new Set<string>();
  for (const node of spec.nodes) {
    const through = product(into.get(node.id) ?? 0, outOf.get(node.id) ?? 0);
    if (through === total && (outOf.get(node.id) ?? 0) > 0) result.add(node.id);
  }
  return result;
}
