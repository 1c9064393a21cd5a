import type { Origin } from '../model/origin.ts';
import type { Report, ReportLayer } from '../model/report.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';
import type { FileState } from './fileState.ts';

/** A layer of the present text, and what the last report says of it. */
export interface FoundLayer {
  readonly model: ModelSpec;
  readonly layer: LayerSpec;
  readonly origin: Origin;
  readonly report: Report | undefined;
  readonly entry: ReportLayer | undefined;
  readonly stale: boolean;
}

function describe(state: FileState, model: ModelSpec, layer: LayerSpec, origin: Origin): FoundLayer {
  const results = state.results;
  const report = results?.set.reports.find(({ modelId }) => modelId === model.id);
  const entry = report?.layers.find(({ id }) => id === layer.id);
  return { model, layer, origin, report, entry, stale: results?.stale ?? false };
}

/** Every layer of a file at its first origin, in the order of the text's models. */
export function allLayers(state: FileState): FoundLayer[] {
  return (state.reading?.content.models ?? []).flatMap(({ spec }) =>
    spec.layers.flatMap((layer) => {
      const origin = layer.origins[0];
      return origin === undefined ? [] : [describe(state, spec, layer, origin)];
    }),
  );
}

/** The layers whose narrowest origin holds this offset, several where one line makes many; a loop's layers share their range. */
export function layersAt(state: FileState, offset: number): FoundLayer[] {
  let width = Infinity;
  let found: FoundLayer[] = [];
  for (const { spec } of state.reading?.content.models ?? [])
    for (const layer of spec.layers)
      for (const origin of layer.origins) {
        const { start, end } = origin.range;
        if (offset < start || offset > end || end - start > width) continue;
        if (end - start < width) found = [];
        width = end - start;
        if (!found.some((other) => other.layer.id === layer.id))
          found.push(describe(state, spec, layer, origin));
      }
  const real = found.filter(({ layer }) => !layer.roles.includes('input'));
  return real.length > 0 ? real : found;
}
