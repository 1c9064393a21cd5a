import type { Hdf5File } from '../../model/measurer.ts';
import type { SavedWeight } from '../../model/spec.ts';
import { hasShape, type SavedLookup } from '../withSaved.ts';

/** The entry of a `.keras` archive that holds the weights. */
export const WEIGHTS_ENTRY = 'model.weights.h5';
/** The largest weights that are inflated out of an archive. */
export const MAX_WEIGHTS = 2 ** 30;

/** The variables of one group (`…/vars/0`, `…/vars/1`, …), in order. */
interface Variables {
  readonly folder: string;
  readonly weights: readonly SavedWeight[];
}

const snake = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** Class and name of a nested list of layers, as the config has them. */
export interface NamedLayer {
  readonly name: string;
  readonly className: string;
  readonly layers?: readonly NamedLayer[];
  /** The group inside the layer's own that holds its layers (a wrapped model). */
  readonly below?: string;
}

/** Keras names a group after the class, numbered in the order of the layers. */
function folders(layers: readonly NamedLayer[]): ReadonlyMap<NamedLayer, string> {
  const used = new Map<string, number>();
  return new Map(
    layers.map((layer) => {
      const base = snake(layer.className);
      const count = used.get(base) ?? 0;
      used.set(base, count + 1);
      return [layer, count === 0 ? base : `${base}_${count}`];
    }),
  );
}

function variablesBelow(hdf5: Hdf5File, file: string, group: string, folder = ''): readonly Variables[] {
  return hdf5.children(group).flatMap((name) => {
    const path = `${group}/${name}`;
    if (name === 'layers') return [];
    if (name !== 'vars') return variablesBelow(hdf5, file, path, `${folder}/${name}`);
    const weights = [...hdf5.children(path)]
      .sort((a, b) => Number(a) - Number(b))
      .flatMap((index) => {
        const outline = hdf5.dataset(`${path}/${index}`);
        return outline === undefined
          ? []
          : [{ file, entry: WEIGHTS_ENTRY, dataset: `${path}/${index}`, ...outline }];
      });
    return weights.length === 0 ? [] : [{ folder, weights }];
  });
}

function collect(
  hdf5: Hdf5File,
  file: string,
  group: string,
  layers: readonly NamedLayer[],
  prefix: string,
  found: Map<string, readonly Variables[]>,
): void {
  const children = hdf5.children(`${group}/layers`);
  const named = new Map(
    children.flatMap((child) => {
      const name = hdf5.attribute(`${group}/layers/${child}/vars`, 'name');
      return typeof name === 'string' ? [[name, child] as const] : [];
    }),
  );
  for (const [layer, folder] of folders(layers)) {
    const own = named.get(layer.name) ?? folder;
    if (!children.includes(own)) continue;
    const path = `${group}/layers/${own}`;
    const id = `${prefix}${layer.name}`;
    found.set(id, variablesBelow(hdf5, file, path));
    const inside = layer.below === undefined ? path : `${path}/${layer.below}`;
    if (layer.layers !== undefined) collect(hdf5, file, inside, layer.layers, `${id}/`, found);
  }
}

/** Whether a folder (`/forward_layer/cell`) is that of a part of a layer (`forward`). */
function isPart(folder: string, part: string): boolean {
  const names = folder.split('/').slice(1);
  if (part === 'layer') return names.includes('layer');
  const last = part.split('_').at(-1) ?? part;
  return names.some((name) => name.split('_').includes(last));
}

/**
 * The variables of each part of a layer (`forward`, `cell0`, '' for the layer itself), stacked cells in the order of the file. A layer of a
 * model under TimeDistributed has the part `layer` in our names only.
 */
function groupsOf(
  groups: readonly Variables[],
  parts: readonly string[],
): ReadonlyMap<string, Variables | undefined> {
  const cells = groups.filter(({ folder }) => /(^|\/)cells?(\/|$)|_cell(_\d+)?$/.test(folder));
  const wraps = groups.some(({ folder }) => isPart(folder, 'layer'));
  return new Map(
    parts.map((part) => {
      const names = part.split('/').filter((name) => name !== '' && (wraps || name !== 'layer'));
      const cell = /^cell(\d+)$/.exec(names.at(-1) ?? '');
      if (cell !== null) return [part, cells[Number(cell[1])]];
      if (names.length === 0) return [part, groups.find(({ folder }) => folder === '') ?? only(groups)];
      const found = groups.filter(({ folder }) => names.every((name) => isPart(folder, name)));
      return [part, only(found)];
    }),
  );
}

const only = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);
const partOf = (name: string): string => name.split('/').slice(0, -1).join('/');

/**
 * Finds a layer's weights in the HDF5 file of a `.keras` archive, where groups carry the layers' names or, before Keras 3.8, those of
 * their classes in order, and variables stand in the order of the layer's weights. Reads outlines only.
 */
export function archiveLookup(hdf5: Hdf5File, file: string, layers: readonly NamedLayer[]): SavedLookup {
  const found = new Map<string, readonly Variables[]>();
  collect(hdf5, file, '', layers, '', found);
  return (layer, weights) => {
    const groups = groupsOf(found.get(layer) ?? [], [...new Set(weights.map(({ name }) => partOf(name)))]);
    const used = new Set<SavedWeight>();
    return weights.map((weight) => {
      const stored = groups.get(partOf(weight.name))?.weights ?? [];
      const next = stored.find((each) => !used.has(each) && hasShape(each, weight));
      if (next !== undefined) used.add(next);
      return next;
    });
  };
}
