import type { Change } from '../model/change.ts';
import { everyLayer } from '../model/everyLayer.ts';
import type { InitializerSpec } from '../model/initializers/initializer.ts';
import type { ModelSpec } from '../model/spec.ts';
import { fittedInitializer } from '../theory/needs.ts';

/** One layer's weight with its new initializer, before equal ones are joined. */
export interface SingleChange {
  readonly layer: string;
  readonly weight: string;
  readonly initializer: InitializerSpec;
}

/** Changes joined: one per weight name and initializer, layers in the order given. */
export function joined(singles: readonly SingleChange[]): readonly Change[] {
  const groups = new Map<string, { layers: string[]; weight: string; initializer: InitializerSpec }>();
  for (const { layer, weight, initializer } of singles) {
    const key = `${weight}|${initializer.id}|${JSON.stringify(initializer.params)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { layers: [layer], weight, initializer });
    else known.layers.push(layer);
  }
  return [...groups.values()];
}

/** The fitted initializers of the weights that need one, in these layers (all when not given). */
export function fittedChanges(spec: ModelSpec, layers?: ReadonlySet<string>): readonly SingleChange[] {
  return everyLayer(spec.layers).flatMap((layer) =>
    layers !== undefined && !layers.has(layer.id)
      ? []
      : layer.weights.flatMap((weight): SingleChange[] => {
          const initializer = fittedInitializer(spec, layer.id, weight.name);
          return initializer === undefined ? [] : [{ layer: layer.id, weight: weight.name, initializer }];
        }),
  );
}

/**
 * The changes that make the well-initialized twin of a model: fitted kernels, zero hidden biases, designs kept (rules.md 'twin').
 * Empty when the model is its own twin.
 */
export function twinChanges(spec: ModelSpec): readonly Change[] {
  return joined(fittedChanges(spec));
}
