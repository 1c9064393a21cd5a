import type { LayerSpec } from './spec.ts';

/** Every layer with the ones it wraps, a wrapper before what it holds, in order. */
export function everyLayer(layers: readonly LayerSpec[]): LayerSpec[] {
  const all: LayerSpec[] = [];
  const add = (layer: LayerSpec): void => {
    all.push(layer);
    layer.inner?.forEach(add);
  };
  layers.forEach(add);
  return all;
}

/** Every layer of `everyLayer` by its id. */
export function layersById(layers: readonly LayerSpec[]): ReadonlyMap<string, LayerSpec> {
  return new Map(everyLayer(layers).map((layer) => [layer.id, layer]));
}
