import type { JsonNode } from './node.ts';
import { elements, member, textOf } from './parse.ts';

/** Output shapes of a layer by output number, batch first; null where the file leaves a size open. */
type StatedShapes = readonly (readonly (number | null)[])[];

function shapeOf(node: JsonNode | undefined): readonly (number | null)[] | undefined {
  if (node?.type !== 'array') return undefined;
  return elements(node).map((item) => (typeof item.value === 'number' ? item.value : null));
}

/** What one layer states: shapes of outputs of the layers that it takes, and the shape for which it was built itself. */
export interface StatedByLayer {
  readonly name: string | undefined;
  readonly taken: readonly {
    readonly layer: string;
    readonly output: number;
    readonly shape: readonly (number | null)[];
  }[];
  readonly built: readonly (number | null)[] | undefined;
}

function takenIn(node: JsonNode | undefined): StatedByLayer['taken'] {
  if (node?.type !== 'object' && node?.type !== 'array') return [];
  const tensor = textOf(member(node, 'class_name')) === '__keras_tensor__';
  const shape = tensor ? shapeOf(member(node, 'config', 'shape')) : undefined;
  if (shape === undefined) return node.values().flatMap(takenIn);
  const [name, , output] = elements(member(node, 'config', 'keras_history'));
  const layer = textOf(name);
  const index: unknown = output?.value;
  if (layer === undefined || typeof index !== 'number' || index > 64) return [];
  return [{ layer, output: index, shape }];
}

/** What the object of a layer states. */
export function statedIn(layer: JsonNode): StatedByLayer {
  return {
    name: textOf(member(layer, 'config', 'name')),
    taken: takenIn(member(layer, 'inbound_nodes')),
    built: shapeOf(member(layer, 'build_config', 'input_shape')),
  };
}

/**
 * Output shapes as Keras 3 states them: on the tensors that later layers take, and in a Sequential as the shape for which the next layer
 * was built. By layer name; only layers of which every output up to the last is stated.
 */
export function statedShapes(
  layers: readonly StatedByLayer[],
  sequential: boolean,
): ReadonlyMap<string, StatedShapes> {
  const found = new Map<string, (readonly (number | null)[])[]>();
  for (const { taken } of layers)
    for (const { layer, output, shape } of taken) {
      const known = found.get(layer) ?? [];
      known[output] = shape;
      found.set(layer, known);
    }
  if (sequential)
    layers.forEach(({ name }, i) => {
      const built = layers[i + 1]?.built;
      if (name !== undefined && built !== undefined) found.set(name, [built]);
    });
  return new Map([...found].filter(([, shapes]) => !Array.from(shapes).includes(undefined as never)));
}
