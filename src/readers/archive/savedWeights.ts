import type { Hdf5File } from '../../model/measurer.ts';
import type { SavedWeight } from '../../model/spec.ts';

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

/** The variables of a part of a layer (`forward/kernel`), or of the layer itself. */
function groupOf(groups: readonly Variables[], parts: readonly string[]): Variables | undefined {
  const candidates = groups.filter(({ folder }) => {
    const names = folder.split('/');
    return parts.every((part) => {
      const cell = /^cell(\d+)$/.exec(part);
      if (cell !== null)
        return names.some((name) => cell[1] === (/_cell(?:_(\d+))?$/.exec(name)?.[1] ?? '0'));
      const last = part.split('_').at(-1) ?? part;
      return part === 'layer' || names.some((name) => name.split('_').includes(last));
    });
  });
  return candidates.length === 1 || parts.length === 0 ? candidates[0] : undefined;
}

/**
 * Finds a weight in the HDF5 file of a `.keras` archive, where groups carry the layers' names or, before Keras 3.8, those of
 * their classes in order, and variables their position. Reads outlines only.
 */
export function archiveLookup(
  hdf5: Hdf5File,
  file: string,
  layers: readonly NamedLayer[],
): (layer: string, weight: string, index: number) => SavedWeight | undefined {
  const found = new Map<string, readonly Variables[]>();
  collect(hdf5, file, '', layers, '', found);
  return (layer, weight, index) => {
    const parts = weight.split('/');
    const name = parts.pop() ?? '';
    const weights = groupOf(found.get(layer) ?? [], parts)?.weights;
    if (weights === undefined) return undefined;
    if (parts.length === 0) return weights[index];
    if (name === 'bias') return weights.at(-1);
    return weights[name === 'recurrent_kernel' ? 1 : 0];
  };
}
