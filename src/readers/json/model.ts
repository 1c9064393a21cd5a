import type { Node } from 'jsonc-parser';
import type { Origin } from '../../model/origin.ts';
import { InputError } from '../../model/problem.ts';
import { isDistributed, type RawLayer, type RawModel } from '../../model/rawModel.ts';
import { callsOf, endsOf } from './calls.ts';
import { branchesOf, mergedBranches } from './mergedBranches.ts';
import { shiftNested } from './nestedCalls.ts';
import { statedShapes } from './statedShapes.ts';
import { withoutMaskNodes } from './maskNodes.ts';
import { isOperationModule, operationTitle, translateOperation } from './operations.ts';
import { elements, member, objectOf, propertyOf, rangeOf, textOf } from './parse.ts';

/** A raw layer that remembers the node of its config, for edits. */
export interface JsonLayer extends RawLayer {
  readonly configNode: Node;
  /** The whole object of the layer, around its config. */
  readonly node: Node;
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
/** Keys of a config that hold an initializer. */
export const INITIALIZER = /(_initializer|Initializer|^init|^inner_init|_init)$/;
/** Keys of a config that hold an activation. */
export const ACTIVATION = /(^activation|_activation|Activation)$/;
const WRAPPED = ['layer', 'cell', 'forward_layer', 'backward_layer'];

/** Is this the class of a model whose config holds layers? */
export function isModelClass(className: string | undefined): boolean {
  return className !== undefined && MODELS.has(className);
}

function origin(source: JsonSource, node: Node, kind: Origin['kind'], weight?: string): Origin {
  return {
    file: source.file,
    range: rangeOf(node),
    kind,
    ...(weight === undefined ? {} : { weight }),
    ...(source.virtual === true ? { virtual: true } : {}),
  };
}

/** Initializer and activation values of a config, wrapped layers included (`layer/kernel_initializer`). */
function valueOrigins(source: JsonSource, config: Node, prefix: string): Origin[] {
  return (config.children ?? []).flatMap((property): Origin[] => {
    const [keyNode, value] = property.children ?? [];
    const key = String(keyNode?.value);
    if (value === undefined) return [];
    if (INITIALIZER.test(key) || key === 'unit_forget_bias')
      return value.type === 'null' ? [] : [origin(source, value, 'initializer', prefix + key)];
    if (ACTIVATION.test(key)) return [origin(source, value, 'activation')];
    const inner = member(value, 'config');
    if (WRAPPED.includes(key) && inner !== undefined) return valueOrigins(source, inner, `${prefix}${key}/`);
    if (key !== 'cells') return [];
    return elements(value).flatMap((cell, i) => {
      const below = member(cell, 'config');
      return below === undefined ? [] : valueOrigins(source, below, `${prefix}cells/${i}/`);
    });
  });
}

function bad(source: JsonSource, node: Node, message: string, expected: string): InputError {
  return new InputError({ message, file: source.file, range: rangeOf(node), expected });
}

/**
 * The module of an operation node. Keras 3 leaves it out of `.h5` files, where an operation shows by a config without the entries
 * that every layer has.
 */
function moduleOf(node: Node, config: Node): string | undefined {
  const written = textOf(member(node, 'module'));
  if (written !== undefined) return written;
  const [call] = elements(member(node, 'inbound_nodes'));
  const isLayer = ['trainable', 'dtype', 'batch_shape'].some((key) => propertyOf(config, key) !== undefined);
  return call?.type === 'object' && !isLayer ? 'keras.ops' : undefined;
}

function layerOf(source: JsonSource, node: Node, index: number): JsonLayer {
  const classNode = member(node, 'class_name');
  const className = textOf(classNode);
  const config = member(node, 'config');
  if (classNode === undefined || className === undefined)
    throw bad(source, node, `Layer ${index} has no class_name.`, '{"class_name": …, "config": …}');
  const wrapped = className === 'TimeDistributed' ? member(config, 'layer') : undefined;
  const held = wrapped !== undefined && isModelClass(textOf(member(wrapped, 'class_name')));
  const model = isModelClass(className) ? modelOf(source, node) : held ? modelOf(source, wrapped) : undefined;
  if (config === undefined || (config.type !== 'object' && model === undefined))
    throw bad(source, node, `Layer ${index} (${className}) has no config.`, '"config": {…}');
  const name =
    textOf(member(node, 'name')) ??
    textOf(member(config, 'name')) ??
    model?.name ??
    `${className.toLowerCase()}_${index}`;
  const calls = callsOf(member(node, 'inbound_nodes'));
  const written = objectOf(config);
  const module = moduleOf(node, config);
  const operation = translateOperation(className, module, written, calls);
  return {
    name,
    className: operation?.className ?? operationTitle(className, module, written) ?? className,
    config: operation?.config ?? written,
    configNode: config,
    node,
    origins: [
      origin(source, classNode, 'layer'),
      ...(model === undefined ? valueOrigins(source, config, '') : []),
      origin(source, node, 'definition'),
    ],
    calls: operation === undefined ? calls : [operation.call],
    ...(model === undefined ? {} : { model }),
    ...(isOperationModule(module) ? { operation: className } : {}),
    place: (...keys) => origin(source, member(config, ...keys) ?? classNode, 'layer'),
  };
}

/** The input that a Sequential's saved build shape stands for, when no layer says a shape. */
function builtInput(
  source: JsonSource,
  node: Node,
  config: Node,
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
  const shape = objectOf({ ...config, children: [] });
  const input: JsonLayer = {
    name: `${first.name}_input`,
    className: 'InputLayer',
    config: {
      ...shape,
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

const layerNode = (config: Node, index: number): Node | undefined =>
  elements(config.type === 'array' ? config : member(config, 'layers'))[index];

/** The model that `{class_name, config}` describes, nested ones included. Throws an InputError with the place of what is missing. */
export function modelOf(source: JsonSource, node: Node): JsonModel {
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
  const stated = statedShapes(elements(listed), className === 'Sequential');
  const layers = elements(listed).map((item, index): JsonLayer => {
    const layer = layerOf(source, item, index);
    const shapes = stated.get(layer.name);
    return shapes === undefined ? layer : { ...layer, stated: shapes };
  });
  if (layers.length === 0) throw bad(source, listed, 'The model has no layers.', 'at least one layer');
  const place = origin(source, at, 'layer');
  if (className === 'Sequential') {
    const branches = branchesOf(elements(listed)[0]).map((item, index) =>
      isModelClass(textOf(member(item, 'class_name')))
        ? modelOf(source, item)
        : sequentialOf('branch', [layerOf(source, item, index)], origin(source, item, 'layer')),
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
