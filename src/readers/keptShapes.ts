import { layerKindFor } from '../model/layers/catalogue.ts';
import { InputError, type Problem } from '../model/problem.ts';
import type { RawLayer, RawModel } from '../model/rawModel.ts';
import { formatShape } from '../model/shape.ts';
import type { ModelSpec, NodeSpec } from '../model/spec.ts';
import { type SavedLookup, withSaved } from './withSaved.ts';

/** Builds tried at most: one, and one more for each axis of what each layer gives. */
const MAX_AXES = 16;

const isOpaque = (layer: RawLayer): boolean =>
  layer.model === undefined && layerKindFor(layer.className, layer.config) === undefined;

/** The spec with its saved weights when every weight that it has lies in the file in its shape; else undefined. */
function fitting(
  raw: RawModel,
  build: (raw: RawModel) => ModelSpec,
  saved: SavedLookup,
): ModelSpec | undefined {
  try {
    const spec = withSaved(build(raw), saved);
    const whole = spec.layers.every((layer) => layer.weights.every((weight) => weight.saved !== undefined));
    return whole ? spec : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The model in which a layer gives twice as many values along one axis. */
function widened(raw: RawModel, node: NodeSpec, axis: number): RawModel {
  const [shape = []] = node.outputs;
  const wide = shape.map((size, i) => (i === axis && size !== null ? 2 * size : size));
  return {
    ...raw,
    layers: raw.layers.map((layer) => (layer.name === node.layer ? { ...layer, stated: [wide] } : layer)),
  };
}

/**
 * A model some of whose layers are not run and state no output shape, read with that of their input, when the saved weights fit this and
 * nothing else: all of them are there in their shapes, and along no axis would twice as many values fit too. A note says so at each such
 * layer. Undefined where the file does not settle it.
 */
export function withKeptShapes(
  raw: RawModel,
  build: (raw: RawModel) => ModelSpec,
  saved: SavedLookup,
): ModelSpec | undefined {
  const names = new Set(raw.layers.filter(isOpaque).map(({ name }) => name));
  if (names.size === 0) return undefined;
  const keep = (layer: RawLayer): RawLayer =>
    names.has(layer.name) ? { ...layer, keepsShape: true } : layer;
  const kept: RawModel = { ...raw, layers: raw.layers.map(keep) };
  const spec = fitting(kept, build, saved);
  const nodes = (spec?.nodes ?? []).filter((node) => names.has(node.layer));
  const axes = nodes.flatMap((node) =>
    (node.outputs[0] ?? []).slice(1).map((_size, i) => [node, i + 1] as const),
  );
  const settled =
    spec !== undefined &&
    nodes.length === names.size &&
    axes.length <= MAX_AXES &&
    axes.every(([node, axis]) => fitting(widened(kept, node, axis), build, saved) === undefined);
  if (!settled) return undefined;
  const notes = nodes.map((node): Problem => {
    const range = raw.layers.find(({ name }) => name === node.layer)?.origins[0]?.range;
    return {
      file: spec.file,
      ...(range === undefined ? {} : { range }),
      message: `Layer "${node.layer}": the file does not state what it gives; the saved weights fit the shape of its input and no other, which is taken: ${formatShape(node.outputs[0] ?? [])}.`,
      severity: 'note',
    };
  });
  return { ...spec, problems: [...spec.problems, ...notes] };
}
