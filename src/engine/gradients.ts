import * as tf from '@tensorflow/tfjs-core';

/** One operation as tfjs records it. */
interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[];
  /** Thunks of the gradients by input; a null among `dys` stands for zeros. Absent where tfjs knows no gradient. */
  readonly gradient?: (dys: (tf.Tensor | null)[]) => Readonly<Record<string, () => tf.Tensor>>;
}

/** What we use of tfjs's engine behind its public types. */
interface TapeEngine {
  readonly state: { activeTape: TapeNode[] | null; gradientDepth: number; kernelDepth: number };
  startTape(): void;
  endTape(): void;
}

const tapeEngine = (): TapeEngine => tf.engine() as unknown as TapeEngine;

/** The tape survives an exception in a backward pass; what it saved must go. */
export function dropTape(): void {
  const { state } = tapeEngine();
  state.activeTape?.forEach(({ saved }) => saved.forEach((tensor) => tensor.dispose()));
  state.activeTape = null;
  state.gradientDepth = 0;
  state.kernelDepth = 0;
}

/** Nodes that any of `xs` leads to, and the ids of the tensors on the way. */
function reached(
  tape: readonly TapeNode[],
  xs: readonly tf.Tensor[],
): { nodes: Set<TapeNode>; ids: Set<number> } {
  const ids = new Set(xs.map(({ id }) => id));
  const nodes = new Set<TapeNode>();
  for (const node of tape) {
    if (!Object.values(node.inputs).some(({ id }) => ids.has(id))) continue;
    nodes.add(node);
    node.outputs.forEach(({ id }) => ids.add(id));
  }
  return { nodes, ids };
}

/** Gradients of a node by input name, each a tensor of its own; what else was made on the way is gone. */
function through(
  node: TapeNode,
  dys: (tf.Tensor | null)[],
  wanted: ReadonlySet<number>,
): [tf.Tensor, tf.Tensor][] {
  const { gradient, inputs, kernelName } = node;
  if (gradient === undefined)
    throw new RangeError(`there is no gradient of the operation ${kernelName} here`);
  const made = tf.tidy(() => {
    const thunks = gradient(dys);
    return Object.entries(inputs)
      .filter(([, { id }]) => wanted.has(id))
      .map(([name, input]) => {
        const dx = tf.tidy(() => thunks[name]!());
        return [input, dys.includes(dx) ? tf.clone(dx) : dx] as const;
      });
  });
  return made.map(([input, dx]) => [input, dx]);
}

/**
 * A scalar of what `forward` makes and its gradients with respect to `xs`, undefined where it does not depend on one: reverse mode over tfjs's tape. Unlike
 * `tf.grads`, which holds all gradients and all that was kept for them until the end, it lets go of both as the walk passes, so that a backward pass needs hardly
 * more memory than the forward pass has kept. Call within a scope; the caller disposes of the gradients.
 */
export function gradientsOf(
  forward: () => tf.Scalar,
  xs: readonly tf.Tensor[],
): { value: tf.Scalar; gradients: (tf.Tensor | undefined)[] } {
  const engine = tapeEngine();
  engine.startTape();
  let value: tf.Scalar;
  try {
    value = tf.tidy(forward);
  } finally {
    engine.endTape();
  }
  const tape = engine.state.activeTape ?? [];
  const { nodes, ids } = reached(tape, xs);
  const found = new Map<number, tf.Tensor>([[value.id, tf.onesLike(value)]]);
  for (let node = tape.pop(); node !== undefined; node = tape.pop()) {
    const dys = node.outputs.map(({ id }) => found.get(id) ?? null);
    if (nodes.has(node) && dys.some((dy) => dy !== null))
      for (const [{ id }, dx] of through(node, dys, ids)) {
        const sum = found.get(id);
        found.set(id, sum === undefined ? dx : tf.add(sum, dx));
        if (sum === undefined) continue;
        sum.dispose();
        dx.dispose();
      }
    dys.forEach((dy) => dy?.dispose());
    node.outputs.forEach(({ id }) => found.delete(id));
    node.saved.forEach((tensor) => tensor.dispose());
  }
  dropTape();
  return { value, gradients: xs.map(({ id }) => found.get(id)) };
}
