import type { Origin } from '../model/origin.ts';
import type { Report, ReportLayer } from '../model/report.ts';
import type { Role } from '../model/spec.ts';
import type { FileState } from './fileState.ts';
import { knownFromRun, presentReports } from './presentReports.ts';

/** A layer as its file writes it. */
export interface KnownLayer {
  readonly id: string;
  readonly className: string;
  /** As it is written. */
  readonly activation?: string;
  readonly roles: readonly Role[];
  readonly origins: readonly Origin[];
}

/** A model of a file: read from the text, or built by the last run of a Python file. */
export interface KnownModel {
  readonly id: string;
  readonly name: string;
  readonly origin: Origin;
  readonly layers: readonly KnownLayer[];
  /** Ids of layers whose outputs a layer takes, by layer; over all its calls. */
  inputsOf(layer: string): readonly string[];
}

/** A layer of the present text, and what the last report says of it. */
export interface FoundLayer {
  readonly model: KnownModel;
  readonly layer: KnownLayer;
  readonly origin: Origin;
  readonly report: Report | undefined;
  readonly entry: ReportLayer | undefined;
  readonly stale: boolean;
}

function fromReport(report: Report): KnownModel {
  const layers = report.layers.map(({ id, class: className, activation, roles, origins }) => ({
    id,
    className,
    roles,
    origins,
    ...(activation === undefined ? {} : { activation }),
  }));
  const inputsOf = (layer: string): string[] =>
    report.edges.flatMap(({ from, to }) => (to === layer ? [from] : []));
  return { id: report.modelId, name: report.model, origin: report.origin, layers, inputsOf };
}

/** The models whose layers stand in the present text. */
export function modelsOf(state: FileState): readonly KnownModel[] {
  if (state.cleared) return [];
  if (knownFromRun(state)) return presentReports(state).map(fromReport);
  return (state.reading?.content.models ?? []).map(({ spec }) => ({
    id: spec.id,
    name: spec.name,
    origin: spec.origin,
    layers: spec.layers.map(({ id, className, activation, roles, origins }) => ({
      id,
      className,
      roles,
      origins,
      ...(activation === undefined ? {} : { activation: activation.written }),
    })),
    inputsOf: (layer) =>
      spec.nodes
        .filter((node) => node.layer === layer)
        .flatMap(({ inputs }) => inputs)
        .flatMap((input) => spec.nodes.find(({ id }) => id === input.node)?.layer ?? []),
  }));
}

/** Whether an origin stands in the text of this file, not in one that it imports. */
export function standsIn(state: FileState, origin: Origin): boolean {
  return origin.virtual === true || origin.file === state.path;
}

type Describe = (layer: KnownLayer, origin: Origin) => FoundLayer;

function describing(state: FileState, model: KnownModel): Describe {
  const report = presentReports(state).find(({ modelId }) => modelId === model.id);
  const entries = new Map(report?.layers.map((entry) => [entry.id, entry]));
  const stale = state.results?.stale ?? false;
  return (layer, origin) => ({ model, layer, origin, report, entry: entries.get(layer.id), stale });
}

/** Every layer of a file at its first origin there, in the order of the text's models. */
export function allLayers(state: FileState): FoundLayer[] {
  return modelsOf(state).flatMap((model) => {
    const describe = describing(state, model);
    return model.layers.flatMap((layer) => {
      const origin = layer.origins.find((each) => standsIn(state, each));
      return origin === undefined ? [] : [describe(layer, origin)];
    });
  });
}

/** The layers whose narrowest origin holds this offset, several where one line makes many; a loop's layers share their range. */
export function layersAt(state: FileState, offset: number): FoundLayer[] {
  let width = Infinity;
  let found: FoundLayer[] = [];
  for (const model of modelsOf(state)) {
    const describe = describing(state, model);
    for (const layer of model.layers)
      for (const origin of layer.origins) {
        const { start, end } = origin.range;
        if (offset < start || offset > end || end - start > width || !standsIn(state, origin)) continue;
        if (end - start < width) found = [];
        width = end - start;
        if (!found.some((other) => other.layer.id === layer.id)) found.push(describe(layer, origin));
      }
  }
  const real = found.filter(({ layer }) => !layer.roles.includes('input'));
  return real.length > 0 ? real : found;
}
