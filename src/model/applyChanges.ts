import { type Change, type ModelChange, setsInitializer } from './change.ts';
import type { ActivationSpec } from './activations/activation.ts';
import { withDepth, withWidths } from './resize.ts';
import type { LayerSpec, ModelSpec } from './spec.ts';

interface Changed {
  readonly weights: Map<string, Change>;
  activation?: ActivationSpec;
}

/** The spec with the changed initializers and activations. */
function withParts(spec: ModelSpec, changes: readonly ModelChange[]): ModelSpec {
  const byLayer = new Map<string, Changed>();
  for (const change of changes)
    for (const id of change.layers) {
      const own: Changed = byLayer.get(id) ?? { weights: new Map() };
      if (setsInitializer(change)) own.weights.set(change.weight, change);
      if ('activation' in change) own.activation = change.activation;
      byLayer.set(id, own);
    }
  const changeLayer = (layer: LayerSpec): LayerSpec => {
    const inner = layer.inner?.map(changeLayer);
    const own = byLayer.get(layer.id);
    if (own === undefined && inner === undefined) return layer;
    const weights = layer.weights.map((weight) => {
      const change = own?.weights.get(weight.name);
      return change === undefined ? weight : { ...weight, initializer: change.initializer };
    });
    const { activation } = own ?? {};
    return {
      ...layer,
      weights,
      ...(activation === undefined ? {} : { activation }),
      ...(inner === undefined ? {} : { inner }),
    };
  };
  return { ...spec, layers: spec.layers.map(changeLayer) };
}

/**
 * The changed spec; layers and weights that no change names are the same objects where no size changes. Later changes win. Throws an
 * InputError where a size does not fit.
 */
export function applyChanges(spec: ModelSpec, changes: readonly ModelChange[]): ModelSpec {
  if (changes.length === 0) return spec;
  const widths = new Map<string, number>();
  for (const change of changes)
    if ('width' in change) for (const id of change.layers) widths.set(id, change.width);
  const sized = widths.size === 0 ? spec : withWidths(spec, widths);
  const parts = changes.filter((change) => setsInitializer(change) || 'activation' in change);
  const changed = parts.length === 0 ? sized : withParts(sized, parts);
  return changes
    .filter((change) => 'times' in change)
    .reduce((made, { layers, times }) => withDepth(made, times, new Set(layers)), changed);
}
