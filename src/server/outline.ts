import {
  FoldingRangeKind,
  SymbolKind,
  type DocumentSymbol,
  type FoldingRange,
  type Location,
} from 'vscode-languageserver';
import type { FileState } from './fileState.ts';
import { allLayers, layersAt, type FoundLayer } from './layerAt.ts';
import type { View } from './view.ts';

type Model = FoundLayer['model'];

function layersByModel(state: FileState): Map<Model, FoundLayer[]> {
  const groups = new Map<Model, FoundLayer[]>();
  for (const found of allLayers(state)) {
    const group = groups.get(found.model);
    if (group === undefined) groups.set(found.model, [found]);
    else group.push(found);
  }
  return groups;
}

/** The models of a formatted document and their layers, for its outline and breadcrumbs. */
export function symbolsFor(state: FileState, view: View): DocumentSymbol[] {
  return Array.from(layersByModel(state), ([model, layers]): DocumentSymbol => {
    const ranges = [model.origin.range, ...layers.map(({ origin }) => origin.range)];
    const start = Math.min(...ranges.map((range) => range.start));
    const end = Math.max(...ranges.map((range) => range.end));
    return {
      name: model.name,
      detail: `${layers.length} layers`,
      kind: SymbolKind.Module,
      range: view.rangeOf({ start, end }),
      selectionRange: view.rangeOf(model.origin.range),
      children: layers.map(({ layer, origin }) => {
        const range = view.rangeOf(origin.range);
        return {
          name: layer.id,
          detail: layer.className,
          kind: SymbolKind.Object,
          range,
          selectionRange: { start: range.start, end: range.start },
        };
      }),
    };
  });
}

/** The layers whose outputs the layer at this offset takes, over all its calls. */
export function inputsOf(state: FileState, view: View, offset: number): Location[] {
  const layers = allLayers(state);
  const wanted = new Set<FoundLayer>();
  for (const { model, layer } of layersAt(state, offset))
    for (const source of model.inputsOf(layer.id)) {
      const found = layers.find((each) => each.model.id === model.id && each.layer.id === source);
      if (found !== undefined) wanted.add(found);
    }
  return Array.from(wanted, ({ origin }) => ({ uri: view.uri, range: view.rangeOf(origin.range) }));
}

/** One fold for each layer that takes more than a line. */
export function foldsFor(state: FileState, view: View): FoldingRange[] {
  const folds = new Map<number, FoldingRange>();
  for (const { origin } of allLayers(state)) {
    const { start, end } = view.rangeOf(origin.range);
    if (end.line > start.line)
      folds.set(start.line, { startLine: start.line, endLine: end.line - 1, kind: FoldingRangeKind.Region });
  }
  return [...folds.values()];
}
