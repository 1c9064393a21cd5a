import type { SavedWeight } from '../model/spec.ts';
import { hasShape, type SavedLookup } from './withSaved.ts';

const plain = (segment: string): string => segment.replace(/:0$/, '').replace(/_\d+$/, '');

/** Names under which our weights are saved by other versions; Keras 1 has single letters behind the layer's name. */
const OTHER: Readonly<Record<string, readonly string[]>> = {
  kernel: ['kernel', 'W'],
  recurrent_kernel: ['recurrent_kernel', 'U'],
  bias: ['bias', 'b'],
  embeddings: ['embeddings', 'W'],
  depthwise_kernel: ['depthwise_kernel', 'kernel'],
  moving_mean: ['moving_mean', 'running_mean'],
  moving_variance: ['moving_variance', 'running_std', 'moving_var'],
};

function isNamed(last: string, name: string): boolean {
  const bare = last.replace(/:0$/, '');
  return (OTHER[name] ?? [name]).some(
    (other) => plain(last) === other || bare === other || bare.endsWith(`_${other}`),
  );
}

/** Whether a folder (`backward_lstm`) is that of a part of a layer (`backward`). */
const isPart = (folder: string, part: string): boolean =>
  plain(folder) === part || folder.startsWith(`${part}_`) || folder.endsWith(`_${part}`);

function fits(segments: readonly string[], layer: string, weight: readonly string[]): boolean {
  if (!isNamed(segments.at(-1) ?? '', weight.at(-1) ?? '')) return false;
  const folders = segments.slice(0, -1);
  if (!folders.includes(layer)) return false;
  return weight.slice(0, -1).every((part) => {
    if (part === 'layer' || /^cell\d+$/.test(part)) return true;
    return folders.some((folder) => isPart(folder, part));
  });
}

/**
 * Finds the weights of a layer among saved names (`model/dense_1/kernel:0`) in the order of the file: names that lie below
 * the whole path of the layer first, each stored weight once. A backward layer that Keras 3 was given keeps its own name: what the forward
 * one leaves is its.
 */
export function savedLookup(byName: ReadonlyMap<string, SavedWeight>): SavedLookup {
  const byFolder = new Map<string, [string[], SavedWeight][]>();
  for (const [name, weight] of byName) {
    const segments = name.split('/');
    for (const folder of new Set(segments.slice(0, -1))) {
      const entries = byFolder.get(folder);
      if (entries === undefined) byFolder.set(folder, [[segments, weight]]);
      else entries.push([segments, weight]);
    }
  }
  return (layer, weights) => {
    const path = layer.split('/');
    const last = path.at(-1) ?? '';
    const used = new Set<SavedWeight>();
    const entries = byFolder.get(last) ?? [];
    const inside = entries.filter(([segments]) => path.every((part) => segments.includes(part)));
    const near = inside.length > 0 ? inside : entries;
    const sided = near.some(([segments]) => segments.some((segment) => isPart(segment, 'backward')));
    return weights.map((weight) => {
      const parts = weight.name.split('/').filter((part) => part !== 'backward' || sided);
      const found = near.find(
        ([segments, saved]) => !used.has(saved) && hasShape(saved, weight) && fits(segments, last, parts),
      )?.[1];
      if (found !== undefined) used.add(found);
      return found;
    });
  };
}
