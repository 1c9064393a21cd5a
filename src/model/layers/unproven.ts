import type { LayerSpec } from '../spec.ts';

/**
 * What no framework's own numbers hold (`npm run oracles`), with the reason: by class, activation, tensor operation and mode of a merge. Reports show it on
 * the layers it concerns and docs/layers.md lists it; tests/oracles/layerSpecs.test.ts holds that everything else is held to an oracle.
 */
export const UNPROVEN: {
  readonly classes: Readonly<Record<string, string>>;
  readonly activations: Readonly<Record<string, string>>;
  readonly operations: Readonly<Record<string, string>>;
  /** Modes of Keras 1's `Merge`. */
  readonly merges: Readonly<Record<string, string>>;
} = {
  classes: {
    RandomCrop:
      'it stands for a random cut as the cut around the centre, which no framework makes in its place',
    CuDNNLSTM: 'no Keras at hand runs it; it is taken as an LSTM with sigmoid gates',
    CuDNNGRU:
      'no Keras at hand runs it; it is taken as a GRU with sigmoid gates and the reset after the product',
  },
  activations: {
    sparsemax: 'Keras 3 computes another function under this name; ours is held to its paper',
    prelu: 'it is the form in which theory reads a PReLU layer, which is held itself',
  },
  operations: {},
  merges: {
    cos: 'Keras 1 divides by the root of two Gram matrices, the cosine for vectors alone and no number elsewhere; it is taken as the cosine',
  },
};

/** Why the layer's numbers are held to no framework's own; undefined where they are. */
export function unprovenPart(layer: LayerSpec): string | undefined {
  const of = (table: Readonly<Record<string, string>>, key: unknown): string | undefined =>
    typeof key === 'string' && Object.hasOwn(table, key) ? `${key}: ${table[key] ?? ''}` : undefined;
  const own =
    of(UNPROVEN.classes, layer.className) ??
    of(UNPROVEN.activations, layer.activation?.id) ??
    (layer.className === 'Merge' && layer.config['normalize'] === true
      ? of(UNPROVEN.merges, 'cos')
      : undefined) ??
    (layer.kind === 'operation' ? of(UNPROVEN.operations, layer.config['op']) : undefined);
  if (own !== undefined) return own;
  for (const inner of layer.inner ?? []) {
    const below = unprovenPart(inner);
    if (below !== undefined) return below;
  }
  return undefined;
}
