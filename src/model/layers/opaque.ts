import type { LayerKind } from './kind.ts';

export type OpaqueConfig = { readonly outputShape: readonly (number | null)[] | null };

/** A layer that we do not know: its output shape is known when the file says it (Lambda's `output_shape`), else it ends the graph. */
export const opaque: LayerKind<OpaqueConfig> = {
  id: 'opaque',
  classes: [],
  signal: 'opaque',
  parse: (raw) => {
    const shape: unknown = raw.raw('output_shape');
    const usable =
      Array.isArray(shape) &&
      shape.length > 0 &&
      shape.every((size) => size === null || Number.isInteger(size));
    const known = usable && !shape.slice(1).includes(null);
    return { config: { outputShape: known ? (shape as number[]) : null }, initializers: {} };
  },
  outputs: (config, inputs) =>
    config.outputShape === null ? [] : [[inputs[0]?.[0] ?? null, ...config.outputShape]],
  weights: () => [],
  multiplyAdds: () => 0,
};
