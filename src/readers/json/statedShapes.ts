import type { Node } from 'jsonc-parser';
import { elements, member, textOf } from './parse.ts';

/** Output shapes of a layer by output number, batch first; null where the file leaves a size open. */
type StatedShapes = readonly (readonly (number | null)[])[];

function shapeOf(node: Node | undefined): readonly (number | null)[] | undefined {
  if (node?.type !== 'array') return undefined;
  return elements(node).map((item) => (typeof item.value === 'number' ? item.value : null));
}

function collect(node: Node | undefined, into: Map<string, (readonly (number | null)[])[]>): void {
  const history = elements(member(node, 'config', 'keras_history'));
  const [name, , output] = history;
  const shape = shapeOf(member(node, 'config', 'shape'));
  if (textOf(member(node, 'class_name')) === '__keras_tensor__' && shape !== undefined) {
    const layer = textOf(name);
    const index: unknown = output?.value;
    if (layer === undefined || typeof index !== 'number' || index > 64) return;
    const known = into.get(layer) ?? [];
    known[index] = shape;
    into.set(layer, known);
    return;
  }
  for (const child of node?.children ?? [])
    collect(child.type === 'property' ? child.children?.[1] : child, into);
}

/**
 * Output shapes as Keras 3 states them: on the tensors that later layers take, and in a Sequential as the shape for which the next layer
 * was built. By layer name; only layers of which every output up to the last is stated.
 */
export function statedShapes(
  layers: readonly Node[],
  sequential: boolean,
): ReadonlyMap<string, StatedShapes> {
  const found = new Map<string, (readonly (number | null)[])[]>();
  for (const layer of layers) collect(member(layer, 'inbound_nodes'), found);
  if (sequential)
    layers.forEach((layer, i) => {
      const name = textOf(member(layer, 'config', 'name'));
      const next = layers[i + 1];
      const built = shapeOf(member(next, 'build_config', 'input_shape'));
      if (name !== undefined && built !== undefined) found.set(name, [built]);
    });
  return new Map([...found].filter(([, shapes]) => !Array.from(shapes).includes(undefined as never)));
}
