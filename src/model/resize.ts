import type { InitializerSpec } from './initializers/initializer.ts';
import { halved } from './halved.ts';
import { layerKind } from './layers/catalogue.ts';
import type { ParsedInner, ParsedLayer } from './layers/kind.ts';
import { InputError } from './problem.ts';
import { repeated } from './repeat.ts';
import { withRoles } from './roles.ts';
import type { Shape } from './shape.ts';
import type { LayerConfig, LayerSpec, ModelSpec, NodeSpec, WeightSpec } from './spec.ts';

/** Another size of a model: its hidden layers' units or filters times `width`, what keeps its shape `depth` times in a row. */
export interface Resize {
  readonly width: number;
  readonly depth: number;
  /** Only this layer. */
  readonly layer?: string;
}

/** The config keys that say how wide a layer is. */
const WIDTHS = ['units', 'filters'] as const;

/** The config key that says how wide a layer is; undefined where none does. */
export const widthKey = (layer: LayerSpec): (typeof WIDTHS)[number] | undefined =>
  WIDTHS.find((name) => typeof layer.config[name] === 'number');

/** Whether `width` means a layer: hidden, with units or filters of its own. */
export function widthOf(layer: LayerSpec): number | undefined {
  if (layer.roles.includes('head') || layer.inner !== undefined) return undefined;
  const key = widthKey(layer);
  return key === undefined ? undefined : Number(layer.config[key]);
}

/** The hidden layers (only one when given) whose width another factor changes, with their new width. */
export function widthsTimes(spec: ModelSpec, factor: number, only?: string): ReadonlyMap<string, number> {
  const widths = new Map<string, number>();
  for (const layer of spec.layers) {
    const width = only === undefined || layer.id === only ? widthOf(layer) : undefined;
    if (factor === 1 || width === undefined) continue;
    const groups = typeof layer.config['groups'] === 'number' ? layer.config['groups'] : 1;
    widths.set(layer.id, Math.max(1, Math.round((width * factor) / groups)) * groups);
  }
  return widths;
}

/** A layer as its kind parses it; wrapped layers take their initializers from the wrapper's weights (`<name>/<weight>`). */
function parsedOf(
  layer: Pick<LayerSpec, 'config' | 'activation' | 'inner'>,
  initializers: Readonly<Record<string, InitializerSpec>>,
): ParsedLayer<LayerConfig> {
  const inner = layer.inner?.map(({ id, className, kind, ...rest }): ParsedInner => {
    const name = id.split('/').at(-1) ?? id;
    const own = Object.entries(initializers).flatMap(([key, value]) =>
      key.startsWith(`${name}/`) ? [[key.slice(name.length + 1), value] as const] : [],
    );
    return { name, className, kind, parsed: parsedOf(rest, Object.fromEntries(own)) };
  });
  return {
    config: layer.config,
    ...(layer.activation === undefined ? {} : { activation: layer.activation }),
    initializers,
    ...(inner === undefined ? {} : { inner }),
  };
}

function weightsOf(layer: LayerSpec, inputs: readonly Shape[], spec: ModelSpec): readonly WeightSpec[] {
  if (layer.weights.length === 0) return layer.weights;
  const initializers = Object.fromEntries(layer.weights.map(({ name, initializer }) => [name, initializer]));
  return layerKind(layer.kind).weights(parsedOf(layer, initializers), inputs, spec.semantics.value);
}

/** Shapes, weights and fans anew, from the configs and the graph. Throws an InputError that names the layer where a size does not fit. */
function inferred(spec: ModelSpec): ModelSpec {
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  const shapes = new Map<string, readonly Shape[]>();
  const done = new Set<string>();
  const nodes = spec.nodes.map((node): NodeSpec => {
    const layer = layers.get(node.layer);
    if (layer === undefined || layer.kind === 'input' || layer.kind === 'opaque') {
      shapes.set(node.id, node.outputs);
      return node;
    }
    const inputs = node.inputs.map(({ node: from, output }) => shapes.get(from)?.[output] ?? []);
    try {
      const made = layerKind(layer.kind).outputs(layer.config, inputs, node.kwargs);
      const outputs = layer.activation?.id === 'glu' ? halved(made) : made;
      if (!done.has(layer.id)) layers.set(layer.id, { ...layer, weights: weightsOf(layer, inputs, spec) });
      done.add(layer.id);
      shapes.set(node.id, outputs);
      return { ...node, outputs };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InputError({ message: `${layer.id} does not fit this size: ${reason}` });
    }
  });
  const changed = spec.layers.map((layer) => layers.get(layer.id) ?? layer);
  const count = (all: readonly WeightSpec[]) =>
    all.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const weights = changed.flatMap((layer) => layer.weights);
  return {
    ...spec,
    layers: changed,
    nodes,
    outputs: spec.outputs.map((output) => ({
      ...output,
      shape: shapes.get(output.ref.node)?.[output.ref.output] ?? output.shape,
    })),
    parameters: { total: count(weights), trainable: count(weights.filter(({ trainable }) => trainable)) },
  };
}

/** The model with these widths, initializers kept, saved weights dropped. Throws an InputError where a size does not fit. */
export function withWidths(spec: ModelSpec, widths: ReadonlyMap<string, number>): ModelSpec {
  const layers = spec.layers.map((layer) => {
    const [key, width] = [widthKey(layer), widths.get(layer.id)];
    return key === undefined || width === undefined
      ? layer
      : { ...layer, config: { ...layer.config, [key]: width } };
  });
  return inferred({ ...spec, savedWeights: false, layers });
}

/** The model with these rows (all that keep their shape when undefined) so many times, saved weights dropped. Throws as `repeated` does. */
export function withDepth(spec: ModelSpec, times: number, only?: ReadonlySet<string>): ModelSpec {
  return withRoles(inferred({ ...repeated(spec, times, only), savedWeights: false }));
}

/** The model in another size. The same object when nothing changes. */
export function resized(spec: ModelSpec, { width, depth, layer }: Resize): ModelSpec {
  if (width === 1 && depth === 1) return spec;
  const sized = withWidths(spec, widthsTimes(spec, width, layer));
  return depth === 1 ? sized : withDepth(sized, depth, layer === undefined ? undefined : new Set([layer]));
}
