import type { Json, JsonObject } from '../../model/json.ts';
import { parseActivation } from '../../model/activations/catalogue.ts';
import { type Arguments, argumentsOf, constantOf } from './operationArguments.ts';
import { operationCall, type OperationCall, type TranslatedCall } from './operationCall.ts';
import { FORMS } from './operationForms.ts';
import { LAYER_FORMS } from './operationLayers.ts';
import { ORDER_FORMS } from './operationOrderForms.ts';
import { ELEMENTWISE, IDENTITIES, MERGES, NAMES, PAIRS, plain, REDUCTIONS } from './operationNames.ts';
import { writtenArray } from '../../model/layers/writtenArray.ts';
import { isRawRef } from '../../model/rawModel.ts';
import type { RawCall } from '../../model/rawModel.ts';

function rescaled(op: string, constant: number | readonly number[], first: boolean): JsonObject | undefined {
  const each = (change: (value: number) => number): Json =>
    typeof constant === 'number' ? change(constant) : constant.map(change);
  if (op === 'add') return { offset: each((value) => value) };
  if (op === 'multiply') return { scale: each((value) => value) };
  if (op === 'subtract')
    return first ? { scale: -1, offset: each((value) => value) } : { offset: each((value) => -value) };
  return op === 'divide' && !first ? { scale: each((value) => 1 / value) } : undefined;
}

/** An operation of two operands, of which one may be a constant. */
function binary(
  op: string,
  { positional, named, name, as, operation }: OperationCall,
): TranslatedCall | undefined {
  const a = positional[0] ?? named['x'] ?? named['x1'];
  const b =
    positional[1] ?? named['y'] ?? named['x2'] ?? (positional[0] === undefined ? undefined : named['x']);
  const inputs = [a, b].filter(isRawRef);
  if (inputs.length === 2) {
    const className = MERGES[op];
    return { ...(className === undefined ? operation({}) : as(className)), call: { inputs } };
  }
  const first = !isRawRef(a);
  const written = first ? a : b;
  if (inputs.length !== 1) return undefined;
  const constant = constantOf(written);
  const scale = constant === undefined ? undefined : rescaled(op, constant, first);
  if (scale !== undefined) return { className: 'Rescaling', config: { ...name, ...scale }, call: { inputs } };
  if (typeof constant !== 'number' && writtenArray(written) === undefined) return undefined;
  return {
    ...operation({ constant: (constant ?? written) as Json, constantFirst: first }),
    call: { inputs },
  };
}

const snake = (name: string): string =>
  name
    .slice(name.lastIndexOf('.') + 1)
    .replace(/(?<=[a-z0-9])([A-Z])/g, '_$1')
    .toLowerCase();

/** An activation function with the numbers it was called with. */
function activation(
  written: string,
  { config, named }: { config: JsonObject; named: Arguments['named'] },
): JsonObject | undefined {
  const known = [snake(written), plain(written)].find((item) => parseActivation(item) !== undefined);
  const params = Object.entries({ ...config, ...named }).filter(
    (entry): entry is [string, number | boolean] => ['number', 'boolean'].includes(typeof entry[1]),
  );
  return known === undefined ? undefined : { class_name: known, config: Object.fromEntries(params) };
}

/** What an operation does, in terms of a layer; undefined for one we do not know. */
function translate(written: string, config: JsonObject, args: Arguments): TranslatedCall | undefined {
  const op = plain(written);
  const call = operationCall(NAMES[op] ?? op, config, args);
  const { as, axis, operation, option } = call;
  if (op in MERGES || PAIRS.includes(op)) return binary(op, call);
  if (IDENTITIES.includes(op)) return as('Identity');
  const form = [FORMS, ORDER_FORMS, LAYER_FORMS].find((table) => Object.hasOwn(table, op))?.[op];
  if (form !== undefined) return form(call);
  if (REDUCTIONS.includes(op))
    return operation({ axes: axis, keepDims: option('keepdims', 'keep_dims') === true });
  if (ELEMENTWISE.includes(op)) return operation({});
  const found = activation(written, call);
  return found === undefined ? undefined : as('Activation', { activation: found });
}

/** The attributes of a node that say yes or no (`keep_dims`, `adj_y`). */
function flags(node: JsonObject): [string, boolean][] {
  return Object.entries((node['attr'] ?? {}) as JsonObject).flatMap(([key, value]): [string, boolean][] =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'b')
      ? [[key, (value as JsonObject)['b'] === true]]
      : [],
  );
}

/** The op of an old TensorFlowOpLayer, whose constants stand in its config by input number. */
function oldLayer(config: JsonObject, call: RawCall): { op: string; call: RawCall } | undefined {
  const node = config['node_def'];
  const op =
    typeof node === 'object' && node !== null && Object.hasOwn(node, 'op')
      ? (node as JsonObject)['op']
      : undefined;
  if (typeof op !== 'string') return undefined;
  const constants = (config['constants'] ?? {}) as JsonObject;
  const kwargs = Object.fromEntries([
    ...Object.entries(constants).map(([index, value]) => [`arg${index}`, value]),
    ...flags(node as JsonObject),
  ]) as Record<string, Json>;
  return { op, call: { inputs: call.inputs, kwargs } };
}

/** Is this the module of a Keras 3 operation, which is no layer? */
export function isOperationModule(module: string | undefined): boolean {
  return module !== undefined && /^keras\.(src\.)?ops(\.|$)/.test(module);
}

/** The operation that a layer stands for under its full name, which is no class's; undefined for a layer proper. */
export function operationTitle(
  className: string,
  module: string | undefined,
  config: JsonObject,
): string | undefined {
  const { function: written, node_def: node } = config;
  if (isOperationModule(module)) return `keras.ops.${className}`;
  if (className === 'TFOpLambda' && typeof written === 'string') return `tf.${written}`;
  const op = typeof node === 'object' && node !== null ? (node as JsonObject)['op'] : undefined;
  return className === 'TensorFlowOpLayer' && typeof op === 'string' ? `tf.raw_ops.${op}` : undefined;
}

/** Translates a TensorFlow op layer or a Keras 3 operation node; undefined for a layer proper and for an unknown operation. */
export function translateOperation(
  className: string,
  module: string | undefined,
  config: JsonObject,
  calls: readonly RawCall[],
): TranslatedCall | undefined {
  const [call] = calls;
  if (call === undefined || calls.length > 1) return undefined;
  if (className === 'TFOpLambda' || className === 'SlicingOpLambda') {
    const { function: written } = config;
    return typeof written === 'string'
      ? translate(written, { name: config['name'] ?? null }, argumentsOf(call))
      : undefined;
  }
  if (className === 'TensorFlowOpLayer') {
    const old = oldLayer(config, call);
    return old === undefined
      ? undefined
      : translate(old.op, { name: config['name'] ?? null }, argumentsOf(old.call));
  }
  return isOperationModule(module) ? translate(className, config, argumentsOf(call)) : undefined;
}
