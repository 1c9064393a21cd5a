import type { Shape } from '../shape.ts';
import type { LayerKind } from './kind.ts';
import { OPAQUE_CLASSES } from './opaqueClasses.ts';

type OpaqueConfig = {
  /** Shapes of its outputs without the batch; null where they are not known. */
  readonly outputShapes: readonly (readonly number[])[] | null;
  readonly keepsShape: boolean;
};

const whole = (size: unknown): size is number =>
  typeof size === 'number' && Number.isInteger(size) && size > 0;

function sizes(value: unknown): readonly number[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every(whole) ? value : undefined;
}

/**
 * A layer that we do not know or do not run. Its output shape is known when the file says it (Lambda's `output_shape`, the shapes that Keras 3
 * states under `stated_shapes`, batch first), or its class or a reader (`keeps_shape`) says that it keeps the shape; else it ends the graph.
 */
export const opaque: LayerKind<OpaqueConfig> = {
  id: 'opaque',
  classes: [],
  signal: 'opaque',
  parse: (raw) => {
    const own = sizes(raw.raw('output_shape'));
    const list: unknown = raw.raw('stated_shapes');
    const stated = Array.isArray(list)
      ? list.map((shape: unknown) => sizes(Array.isArray(shape) ? shape.slice(1) : shape))
      : [];
    const usable = stated.length > 0 && stated.every((shape) => shape !== undefined);
    return {
      config: {
        outputShapes: own !== undefined ? [own] : usable ? (stated as number[][]) : null,
        keepsShape: OPAQUE_CLASSES[raw.className]?.keepsShape === true || raw.raw('keeps_shape') === true,
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    const batch = inputs[0]?.[0] ?? null;
    if (config.outputShapes !== null) return config.outputShapes.map((shape): Shape => [batch, ...shape]);
    return config.keepsShape ? inputs.slice(0, 1) : [];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
