import type { Change } from './change.ts';
import type { LayerSpec, ModelSpec } from './spec.ts';

/** The spec with the changed initializers; layers and weights that no change names are the same objects. Later changes win. */
export function applyChanges(spec: ModelSpec, changes: readonly Change[]): ModelSpec {
  if (changes.length === 0) return spec;
  const byLayer = new Map<string, Map<string, Change>>();
  for (const change of changes) {
    for (const id of change.layers) {
      const weights = byLayer.get(id) ?? new Map<string, Change>();
      weights.set(change.weight, change);
      byLayer.set(id, weights);
    }
  }
  const changeLayer = (layer: LayerSpec): LayerSpec => {
    const inner = layer.inner?.map(changeLayer);
    const own = byLayer.get(layer.id);
    if (own === undefined && inner === undefined) return layer;
    const weights = layer.weights.map((weight) => {
      const change = own?.get(weight.name);
      return change === undefined ? weight : { ...weight, initializer: change.initializer };
    });
    return { ...layer, weights, ...(inner === undefined ? {} : { inner }) };
  };
  return { ...spec, layers: spec.layers.map(changeLayer) };
}
