import type { Evaluation, Found } from './evaluate.ts';

/** One of each structure made at a site. */
export function distinct(all: readonly Found[]): Found[] {
  const seen = new Map<string, Found>();
  for (const found of all) {
    if (found.outcome.kind !== 'ready') continue;
    const { raw } = found.outcome;
    const key = JSON.stringify(structure(raw));
    const before = seen.get(key);
    if (before === undefined || (before.model.losses.length === 0 && found.model.losses.length > 0))
      seen.set(key, found);
  }
  return [...seen.values()];
}

function structure(raw: Extract<Found['outcome'], { kind: 'ready' }>['raw']): unknown {
  return raw.layers.map((layer) => [
    layer.className,
    layer.config,
    layer.calls,
    layer.model === undefined ? null : structure(layer.model),
  ]);
}

/** The name a model goes by: its own, its function's, its variable's. */
export function nameOf(evaluation: Evaluation, found: Found): string {
  const { model, site } = found;
  if (model.name !== undefined && model.name !== '') return model.name;
  const own = evaluation.program.functions[evaluation.program.sites[site]?.fn ?? -1]?.info;
  let named = own;
  while (named !== undefined && named.name === '') named = named.parent;
  const fn = named === undefined ? '' : named.name === 'constructor' ? (named.className ?? '') : named.name;
  const variable = model.variable ?? '';
  if (fn === '') return variable === '' ? 'model' : variable;
  const others = evaluation.found.some(
    (other) =>
      other.site !== site && evaluation.program.sites[other.site]?.fn === evaluation.program.sites[site]?.fn,
  );
  return others && variable !== '' ? `${fn}.${variable}` : fn;
}
