import type { Origin } from '../../model/origin.ts';
import { InputError } from '../../model/problem.ts';
import { isDistributed, type RawLayer, type RawModel } from '../../model/rawModel.ts';
import { endsOf } from './calls.ts';
import { beginFile, type LayerText, layerText } from './layerText.ts';
import { branchesOf, mergedBranches } from './mergedBranches.ts';
import { shiftNested } from './nestedCalls.ts';
import type { JsonNode } from './node.ts';
import { elements, member, rangeOf, textOf } from './parse.ts';
import { statedShapes } from './statedShapes.ts';
import { withoutMaskNodes } from './maskNodes.ts';

/** A raw layer that remembers the node of its config, for edits. */
export interface JsonLayer extends RawLayer {
  readonly configNode: JsonNode;
  /** The whole object of the layer, around its config. */
  readonly node: JsonNode;
  readonly model?: JsonModel;
  /** The operation that this is a node of, as Keras 3 names it. */
  readonly operation?: string;
}

/** A raw model read from JSON. */
export interface JsonModel extends RawModel {
  readonly layers: readonly JsonLayer[];
}

/** The file that origins name, and whether its text is a formatted stand-in (the config of an archive). */
interface JsonSource {
  readonly file: string;
  readonly virtual?: boolean;
}

const MODELS = new Set(['Sequential', 'Functional', 'Model', 'Graph']);

/** Is this the class of a model whose config holds layers? */
export function isModelClass(className: string | undefined): boolean {
  return className !== undefined && MODELS.has(className);
}

function placed({ file, virtual }: JsonSource, place: Omit<Origin, 'file'>): Origin {
  return virtual === true ? { file, ...place, virtual } : { file, ...place };
}

function origin(source: JsonSource, node: JsonNode, kind: Origin['kind']): Origin {
  return placed(source, { range: rangeOf(node), kind });
}

function bad(source: JsonSource, node: JsonNode, message: string, expected: string): InputError {
  return new InputError({ message, file: source.file, range: rangeOf(node), expected });
}

/** A layer, and what its text alone says. */
function layerOf(
  source: JsonSource,
  node: JsonNode,
  index: number,
): { readonly layer: JsonLayer; readonly said: LayerText } {
  const classNode = member(node, 'class_name');
  const className = textOf(classNode);
  const config = member(node, 'config');
  if (classNode === undefined || className === undefined)
    throw bad(source, node, `Layer ${index} has no class_name.`, '{"class_name": …, "config": …}');
  const wrapped = className === 'TimeDistributed' ? member(config, 'layer') : undefined;
  const held = wrapped !== undefined && isModelClass(textOf(member(wrapped, 'class_name')));
  const model = isModelClass(className) ? modelIn(source, node) : held ? modelIn(source, wrapped) : undefined;
  if (config === undefined || (config.type !== 'object' && model === undefined))
    throw bad(source, node, `Layer ${index} (${className}) has no config.`, '"config": {…}');
  const name =
    textOf(member(node, 'name')) ??
    textOf(member(config, 'name')) ??
    model?.name ??
    `${className.toLowerCase()}_${index}`;
  const said = layerText(node, className, config);
  const values = (model === undefined ? said.values : []).map((value) => {
    const { start, end } = value.range;
    return placed(source, { ...value, range: { start: start + node.offset, end: end + node.offset } });
  });
  const layer: JsonLayer = {
    name,
    className: said.className,
    config: said.config,
    configNode: config,
    node,
    origins: [origin(source, classNode, 'layer'), ...values, origin(source, node, 'definition')],
    calls: said.calls,
    ...(model === undefined ? {} : { model }),
    ...(said.operation === undefined ? {} : { operation: said.operation }),
    place: (...keys) => origin(source, member(config, ...keys) ?? classNode, 'layer'),
  };
  return { layer, said };
}

/** The input that a Sequential's saved build shape stands for, when no layer says a shape. */
function builtInput(
  source: JsonSource,
  node: JsonNode,
  config: JsonNode,
  layers: readonly JsonLayer[],
): readonly JsonLayer[] {
  const [first] = layers;
  if (first === undefined || first.className === 'InputLayer') return layers;
  if (first.model !== undefined && !isDistributed(first)) return layers;
  const keys = [
    'batch_input_shape',
    'batch_shape',
    'input_shape',
    'input_dim',
    'batchInputShape',
    'inputShape',
  ];
  if (keys.some((key) => Object.hasOwn(first.config, key)) && first.className !== 'Embedding') return layers;
  if (first.className === 'Embedding' && Object.hasOwn(first.config, 'batch_input_shape')) return layers;
  const built =
    member(config, 'build_input_shape') ??
    member(node, 'build_config', 'input_shape') ??
    member(layerNode(config, 0), 'build_config', 'input_shape');
  if (built?.type !== 'array') return layers;
  const input: JsonLayer = {
    name: `${first.name}_input`,
    className: 'InputLayer',
    config: {
      batch_input_shape: elements(built).map((item) => (typeof item.value === 'number' ? item.value : null)),
    },
    configNode: first.configNode,
    node: first.node,
    origins: [origin(source, built, 'layer')],
    calls: [],
    place: () => origin(source, built, 'layer'),
  };
  return [input, ...layers];
}

function sequentialOf(name: string, layers: readonly JsonLayer[], place: Origin): JsonModel {
  return { name, kind: 'sequential', layers, inputs: [], outputs: [], origin: place, problems: [] };
}

const layerNode = (config: JsonNode, index: number): JsonNode | undefined =>
  elements(config.type === 'array' ? config : member(config, 'layers'))[index];

/** The model of a file, which `{class_name, config}` describes, nested ones included. Throws an InputError with the place of what is missing. */
export function modelOf(source: JsonSource, node: JsonNode): JsonModel {
  beginFile();
  return modelIn(source, node);
}

function modelIn(source: JsonSource, node: JsonNode): JsonModel {
  const className = textOf(member(node, 'class_name'));
  const config = member(node, 'config');
  if (config === undefined || !isModelClass(className))
    throw bad(
      source,
      node,
      'This is no Keras model.',
      '{"class_name": "Sequential" or "Functional", "config": …}',
    );
  const listed = config.type === 'array' ? config : member(config, 'layers');
  if (listed?.type !== 'array')
    throw bad(source, config, `The ${className ?? 'model'} lists no layers.`, '"layers": […]');
  const at = member(node, 'class_name') ?? node;
  const name =
    textOf(member(config, 'name')) ?? textOf(member(node, 'name')) ?? (className ?? 'model').toLowerCase();
  const read = elements(listed).map((item, index) => layerOf(source, item, index));
  const stated = statedShapes(
    read.map(({ said }) => said.states),
    className === 'Sequential',
  );
  const layers = read.map(({ layer }): JsonLayer => {
    const shapes = stated.get(layer.name);
    return shapes === undefined ? layer : { ...layer, stated: shapes };
  });
  if (layers.length === 0) throw bad(source, listed, 'The model has no layers.', 'at least one layer');
  const place = origin(source, at, 'layer');
  if (className === 'Sequential') {
    const branches = branchesOf(elements(listed)[0]).map((item, index) =>
      isModelClass(textOf(member(item, 'class_name')))
        ? modelIn(source, item)
        : sequentialOf('branch', [layerOf(source, item, index).layer], origin(source, item, 'layer')),
    );
    const chain = sequentialOf(name, builtInput(source, node, config, layers), place);
    return branches.length === 0 ? chain : mergedBranches(branches, chain);
  }
  const outputs = endsOf(member(config, 'output_layers'));
  if (outputs.length === 0)
    throw bad(source, config, 'The model names no outputs.', '"output_layers": [[name, 0, 0], …]');
  const shifted = shiftNested({ layers: withoutMaskNodes(layers, outputs), outputs });
  return {
    name,
    kind: 'functional',
    layers: shifted.layers,
    inputs: endsOf(member(config, 'input_layers')),
    outputs: shifted.outputs,
    origin: place,
    problems: [],
  };
}
