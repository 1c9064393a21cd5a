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

/** Whether `width` means a layer: hidden, with units or filters of its own. */
export function widthOf(layer: LayerSpec): number | undefined {
  if (layer.roles.includes('head') || layer.inner !== undefined) return undefined;
  const key = WIDTHS.find((name) => typeof layer.config[name] === 'number');
  return key === undefined ? undefined : Number(layer.config[key]);
}

function widened(layer: LayerSpec, factor: number): LayerConfig {
  const key = WIDTHS.find((name) => typeof layer.config[name] === 'number');
  const width = widthOf(layer);
  if (key === undefined || width === undefined) return layer.config;
  const groups = typeof layer.config['groups'] === 'number' ? layer.config['groups'] : 1;
  return { ...layer.config, [key]: Math.max(1, Math.round((width * factor) / groups)) * groups };
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

/** The model in another size, initializers kept, saved weights dropped. The same object when nothing changes. */
export function resized(spec: ModelSpec, { width, depth, layer: only }: Resize): ModelSpec {
  if (width === 1 && depth === 1) return spec;
  const wider: ModelSpec = {
    ...spec,
    savedWeights: false,
    layers: spec.layers.map((layer) =>
      width === 1 || (only !== undefined && layer.id !== only)
        ? layer
        : { ...layer, config: widened(layer, width) },
    ),
  };
  const sized = inferred(wider);
  return depth === 1 ? sized : withRoles(inferred(repeated(sized, depth, only)));
}
