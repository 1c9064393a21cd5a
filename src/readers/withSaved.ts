import type { LayerSpec, ModelSpec, SavedWeight, WeightSpec } from '../model/spec.ts';

/** Where the weights of a layer (by its id) lie in a file, in their order; undefined for one that is not there in its shape. */
export type SavedLookup = (
  layer: string,
  weights: readonly WeightSpec[],
) => readonly (SavedWeight | undefined)[];

/** Whether a stored weight has the shape that is wanted, as far as the file says it. */
export function hasShape(saved: SavedWeight, weight: WeightSpec): boolean {
  const { shape } = saved;
  return (
    shape === undefined ||
    (shape.length === weight.shape.length && shape.every((size, axis) => size === weight.shape[axis]))
  );
}

/** The spec with the place of every saved weight that the lookup finds. */
export function withSaved(spec: ModelSpec, lookup: SavedLookup): ModelSpec {
  const layers = spec.layers.map((layer): LayerSpec => {
    if (layer.weights.length === 0) return layer;
    const found = lookup(layer.id, layer.weights);
    const weights = layer.weights.map((weight, index): WeightSpec => {
      const saved = found[index];
      return saved === undefined ? weight : { ...weight, saved };
    });
    return { ...layer, weights };
  });
  return { ...spec, layers };
}
