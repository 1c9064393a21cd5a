import type { SavedWeight } from '../model/spec.ts';

const plain = (segment: string): string => segment.replace(/:0$/, '').replace(/_\d+$/, '');

/** Names under which our weights are saved by other versions. */
const OTHER: Readonly<Record<string, readonly string[]>> = {
  depthwise_kernel: ['depthwise_kernel', 'kernel'],
  moving_mean: ['moving_mean', 'running_mean'],
  moving_variance: ['moving_variance', 'running_std', 'moving_var'],
};

function fits(segments: readonly string[], layer: readonly string[], weight: readonly string[]): boolean {
  const name = weight.at(-1) ?? '';
  const last = segments.at(-1) ?? '';
  if (
    !(OTHER[name] ?? [name]).includes(plain(last)) &&
    plain(last) !== name &&
    !last.replace(/:0$/, '').endsWith(`_${name}`)
  )
    return false;
  const folders = segments.slice(0, -1);
  if (!folders.includes(layer.at(-1) ?? '')) return false;
  return weight.slice(0, -1).every((part) => {
    if (part === 'layer' || /^cell\d+$/.test(part)) return true;
    return folders.some(
      (folder) => plain(folder) === part || folder.startsWith(`${part}_`) || folder.endsWith(`_${part}`),
    );
  });
}

/** Finds a layer's weight among saved names (`model/dense_1/kernel:0`); the one with equally many elements wins. */
export function savedLookup(
  byName: ReadonlyMap<string, SavedWeight>,
): (layer: string, weight: string) => SavedWeight | undefined {
  const byFolder = new Map<string, [string[], SavedWeight][]>();
  for (const [name, weight] of byName) {
    const segments = name.split('/');
    for (const folder of new Set(segments.slice(0, -1)))
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), [segments, weight]]);
  }
  return (layer, weight) => {
    const path = layer.split('/');
    const candidates = (byFolder.get(path.at(-1) ?? '') ?? []).filter(([segments]) =>
      fits(segments, path, weight.split('/')),
    );
    const nested = candidates.filter(([segments]) => path.every((part) => segments.includes(part)));
    return (nested[0] ?? candidates[0])?.[1];
  };
}
