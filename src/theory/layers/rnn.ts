import type { LayerLaw } from '../law.ts';
import { wrapped } from './wrappers.ts';

/** A loop of one cell has the law of the layer of that cell; of several, none. */
export const rnnLaw =
  (find: (kind: string) => LayerLaw | undefined): LayerLaw =>
  (input) => {
    const inner = wrapped(input.layer);
    if (inner === undefined || input.layer.inner?.length !== 1)
      return 'several cells in one loop have no moment law';
    const law = find(inner.kind);
    return law === undefined ? 'its cell has no moment law' : law({ ...input, layer: inner });
  };
