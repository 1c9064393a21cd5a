import type { JsonNode } from './node.ts';
import { applyChanges } from '../../model/applyChanges.ts';
import { spellActivation } from '../../model/activations/spell.ts';
import type { FileEdit, ModelChange } from '../../model/change.ts';
import { widthKey } from '../../model/resize.ts';
import type { Shape } from '../../model/shape.ts';
import type { LayerSpec, ModelSpec, NodeSpec } from '../../model/spec.ts';
import { Refused } from '../refused.ts';
import { elements, member, rangeOf, textOf } from './parse.ts';

type TextEdit = FileEdit['edits'][number];

/** Where a layer stands: its config, the object around it, and the objects of the Sequential's row that it is in (none in a graph). */
export interface LayerPlace {
  readonly config: JsonNode;
  readonly object: JsonNode;
  readonly row: readonly JsonNode[];
}

/** What is edited: the text, what it was read into, the place of every layer by id, and what is asked. */
export interface JsonEditing {
  readonly text: string;
  readonly spec: ModelSpec;
  readonly places: ReadonlyMap<string, LayerPlace>;
  readonly changes: readonly ModelChange[];
}

/** Names of the width over the versions of Keras. */
const WIDTH_NAMES = { units: ['units', 'output_dim'], filters: ['filters', 'nb_filter'] } as const;

function layerOf({ spec, places }: JsonEditing, id: string): { layer: LayerSpec; config: JsonNode } {
  const layer = spec.layers.find((each) => each.id === id);
  const config = places.get(id)?.config;
  if (layer === undefined || config === undefined || layer.inner !== undefined)
    throw new Refused(id, 'This layer does not stand in the file by itself.');
  return { layer, config };
}

function activationEdit(editing: JsonEditing, id: string, name: string): TextEdit {
  const { layer, config } = layerOf(editing, id);
  if (layer.kind === 'activation' && layer.className !== 'Activation')
    throw new Refused(id, `This is a ${layer.className} layer: its class is its activation.`);
  const value = member(config, 'activation');
  if (value === undefined) throw new Refused(id, 'The config names no activation.');
  return { range: rangeOf(value), text: JSON.stringify(name) };
}

function widthEdit(editing: JsonEditing, id: string, width: number): TextEdit {
  const { layer, config } = layerOf(editing, id);
  const key = widthKey(layer);
  const value = (key === undefined ? [] : WIDTH_NAMES[key])
    .map((name) => member(config, name))
    .find((node) => node?.type === 'number');
  if (value === undefined) throw new Refused(id, 'The config states no width.');
  return { range: rangeOf(value), text: String(width) };
}

/** The sizes of a stated shape that become others. */
function shapeEdits(place: string, stated: JsonNode | undefined, from: Shape, to: Shape): TextEdit[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const sizes = elements(stated);
  if (stated?.type !== 'array' || sizes.length !== from.length || from.length !== to.length)
    throw new Refused(place, 'The file states the shapes that this layer was built for.');
  return sizes.flatMap((size, axis) =>
    from[axis] === to[axis] ? [] : [{ range: rangeOf(size), text: String(to[axis]) }],
  );
}

function tensorsIn(node: JsonNode | undefined): JsonNode[] {
  if (node === undefined) return [];
  if (textOf(member(node, 'class_name')) === '__keras_tensor__') return [node];
  return node.values().flatMap(tensorsIn);
}

/** Keras 3 repeats shapes: what a layer was built for, and what the tensors are that it takes. */
function statedShapeEdits({ spec, places }: JsonEditing, sized: ModelSpec): TextEdit[] {
  const outputs = ({ nodes }: ModelSpec) => new Map(nodes.map((node) => [node.id, node.outputs]));
  const [before, after] = [outputs(spec), outputs(sized)];
  const calls = new Map<string, NodeSpec[]>();
  for (const node of spec.nodes) calls.set(node.layer, [...(calls.get(node.layer) ?? []), node]);
  const shape = (all: ReadonlyMap<string, readonly Shape[]>, node: string, output: number) =>
    all.get(node)?.[output] ?? [];
  return [...places].flatMap(([id, { object }]) => {
    const [first] = calls.get(id) ?? [];
    const built = member(object, 'build_config');
    const own =
      built === undefined || first === undefined
        ? []
        : first.inputs.flatMap(({ node, output }) =>
            shapeEdits(
              id,
              first.inputs.length === 1 ? member(built, 'input_shape') : undefined,
              shape(before, node, output),
              shape(after, node, output),
            ),
          );
    const prefix = id.slice(0, id.lastIndexOf('/') + 1);
    const taken = tensorsIn(member(object, 'inbound_nodes')).flatMap((tensor) => {
      const [name, call, output] = elements(member(tensor, 'config', 'keras_history'));
      const made = calls.get(prefix + String(textOf(name))) ?? [];
      const node = made[Number(call?.value)] ?? made[0];
      const at = Number(output?.value);
      if (node === undefined) return [];
      const stated = member(tensor, 'config', 'shape');
      return shapeEdits(id, stated, shape(before, node.id, at), shape(after, node.id, at));
    });
    return [...own, ...taken];
  });
}

/** Activations and widths as edits of the configs that hold them, and of the shapes that the file repeats. Throws Refused. */
export function layerEdits(editing: JsonEditing): TextEdit[] {
  const { spec, changes } = editing;
  const widths = changes.filter((change) => 'width' in change);
  if (widths.length > 0 && spec.savedWeights)
    throw new Refused(spec.file, 'The file carries trained weights of its present widths.');
  const edits = changes.flatMap((change) => {
    if ('width' in change) return change.layers.map((id) => widthEdit(editing, id, change.width));
    if (!('activation' in change)) return [];
    const name = spellActivation(change.activation, spec.semantics.value);
    return change.layers.map((id) => activationEdit(editing, id, name));
  });
  return widths.length === 0 ? edits : [...edits, ...statedShapeEdits(editing, applyChanges(spec, widths))];
}
