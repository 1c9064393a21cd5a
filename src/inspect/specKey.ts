import type { Change } from '../model/change.ts';
import { contentHash } from '../model/hash.ts';
import type { InitializerSpec } from '../model/initializers/initializer.ts';
import type { Plan } from '../model/plan.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';

function measuredPart({ origins: _origins, inner, ...layer }: LayerSpec): object {
  return inner === undefined ? layer : { ...layer, inner: inner.map(measuredPart) };
}

/**
 * Key of everything a measurement depends on but its seeds: graph, weights, changes, plan, our version. Places in the text are
 * not part of it, so that an edit which only moves text measures nothing anew.
 */
export function measurementKey(
  spec: ModelSpec,
  changes: readonly Change[],
  { seeds: _seeds, looks: _looks, why: _why, ...plan }: Plan,
  version: string,
): string {
  const { id, semantics, nodes, inputs, outputs, layers } = spec;
  const saved = plan.start === 'saved' ? spec.contentHash : undefined;
  const model = {
    id,
    semantics: semantics.value,
    nodes,
    inputs,
    outputs,
    layers: layers.map(measuredPart),
    saved,
  };
  return contentHash(JSON.stringify([version, model, sortedChanges(changes), plan]));
}

function sameDraws(a: InitializerSpec, b: InitializerSpec): boolean {
  const law = ({ id, params, seed, shared, trap }: InitializerSpec) =>
    JSON.stringify([id, Object.entries(params).sort(), seed, shared, trap]);
  return law(a) === law(b);
}

function weightsOf(layer: LayerSpec): [string, InitializerSpec][] {
  const own = layer.weights.map(({ name, initializer }): [string, InitializerSpec] => [
    `${layer.id}\n${name}`,
    initializer,
  ]);
  return [...own, ...(layer.inner ?? []).flatMap(weightsOf)];
}

/** The changes without what the model has already: none where it would only be measured again. No two changes name the same weight. */
export function effectiveChanges(spec: ModelSpec, changes: readonly Change[]): readonly Change[] {
  const known = new Map(spec.layers.flatMap(weightsOf));
  return changes.flatMap((change) => {
    const layers = change.layers.filter((layer) => {
      const own = known.get(`${layer}\n${change.weight}`);
      return own === undefined || !sameDraws(own, change.initializer);
    });
    return layers.length === 0 ? [] : [{ ...change, layers }];
  });
}

/** The same changes in one order, whatever order they were made in. */
export function sortedChanges(changes: readonly Change[]): Change[] {
  const key = ({ weight, layers, initializer }: Change) =>
    JSON.stringify([weight, [...layers].sort(), initializer.id, initializer.params]);
  return changes
    .map((change) => ({ ...change, layers: [...change.layers].sort() }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Key of a report: everything it depends on but `run`. `choices` holds what the call and the project decide. */
export function reportKey(spec: ModelSpec, plan: Plan, choices: unknown, version: string): string {
  return contentHash(JSON.stringify([version, spec, plan, choices]));
}
