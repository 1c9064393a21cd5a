import type { Json, JsonObject } from '../../model/json.ts';
import { parseActivation } from '../../model/activations/catalogue.ts';
import {
  type Arguments,
  argumentsOf,
  axesOf,
  constantOf,
  numberIn,
  numberOf,
  sliceOf,
} from './operationArguments.ts';
import { ELEMENTWISE, IDENTITIES, MERGES, NAMES, PAIRS, plain, REDUCTIONS } from './operationNames.ts';
import { isRawRef } from '../../model/rawModel.ts';
import type { RawCall, RawRef } from '../../model/rawModel.ts';

/** An operation node as the layer that does the same, with its tensors as inputs. */
export interface TranslatedCall {
  readonly className: string;
  readonly config: JsonObject;
  readonly call: RawCall;
}

function rescaled(op: string, constant: number | readonly number[], first: boolean): JsonObject | undefined {
  const each = (change: (value: number) => number): Json =>
    typeof constant === 'number' ? change(constant) : constant.map(change);
  if (op === 'add') return { offset: each((value) => value) };
  if (op === 'multiply') return { scale: each((value) => value) };
  if (op === 'subtract')
    return first ? { scale: -1, offset: each((value) => value) } : { offset: each((value) => -value) };
  return op === 'divide' && !first ? { scale: each((value) => 1 / value) } : undefined;
}

function binary(op: string, { positional, named }: Arguments, name: JsonObject): TranslatedCall | undefined {
  const a = positional[0] ?? named['x'] ?? named['x1'];
  const b = positional[1] ?? named['y'] ?? named['x2'];
  const tensors = [a, b].filter(isRawRef);
  const call: RawCall = { inputs: tensors };
  if (tensors.length === 2) {
    const className = MERGES[op];
    return className === undefined
      ? { className: 'Operation', config: { ...name, op: NAMES[op] ?? op }, call }
      : { className, config: name, call };
  }
  const first = !isRawRef(a);
  const constant = constantOf(first ? a : b);
  if (constant === undefined || tensors.length !== 1) return undefined;
  const scale = rescaled(op, constant, first);
  if (scale !== undefined) return { className: 'Rescaling', config: { ...name, ...scale }, call };
  if (typeof constant !== 'number') return undefined;
  return {
    className: 'Operation',
    config: { ...name, op: NAMES[op] ?? op, constant, constantFirst: first },
    call,
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
  const { positional, named } = args;
  const option = (...keys: readonly string[]): unknown => {
    for (const from of [named, config])
      for (const key of keys) if (Object.hasOwn(from, key) && from[key] !== null) return from[key];
    return positional.slice(1).find((value) => !isRawRef(value));
  };
  const name: JsonObject = typeof config['name'] === 'string' ? { name: config['name'] } : {};
  const tensors: RawRef[] = [...positional, ...Object.values(named)].flat().filter(isRawRef);
  const call: RawCall = { inputs: tensors };
  const as = (className: string, more: JsonObject = {}): TranslatedCall => ({
    className,
    config: { ...name, ...more },
    call,
  });
  const operation = (more: JsonObject): TranslatedCall => as('Operation', { op: NAMES[op] ?? op, ...more });
  if (op in MERGES || PAIRS.includes(op)) return binary(op, args, name);
  if (IDENTITIES.includes(op)) return as('Identity');
  const axis = axesOf(option('axis', 'axes', 'dim'));
  if (REDUCTIONS.includes(op))
    return operation({ axes: axis, keepDims: option('keepdims', 'keep_dims') === true });
  if (ELEMENTWISE.includes(op)) return operation({});
  switch (op) {
    case 'clip': {
      const bounds = [
        numberIn(option('x_min', 'clip_value_min') ?? positional[1]),
        numberIn(named['x_max'] ?? config['x_max'] ?? named['clip_value_max'] ?? positional[2]),
      ];
      return bounds.includes(null) ? undefined : operation({ values: bounds });
    }
    case 'flip':
      return axis === null ? undefined : operation({ axes: axis });
    case 'cumsum':
      return axis === null ? undefined : operation({ axes: axis });
    case 'repeat': {
      const times = numberIn(option('repeats'));
      const along = axesOf(named['axis'] ?? config['axis']);
      return times === null || along === null ? undefined : operation({ values: [times], axes: along });
    }
    case 'tile': {
      const times = option('repeats', 'multiples', 'reps');
      const list = typeof times === 'number' ? [times] : times;
      return Array.isArray(list) && list.every((item) => typeof item === 'number')
        ? operation({ values: list })
        : undefined;
    }
    case 'where': {
      const operands = [0, 1, 2].map(
        (i) => positional[i] ?? named[['condition', 'x1', 'x2'][i] ?? ''] ?? named[['', 'x', 'y'][i] ?? ''],
      );
      const values = operands.map((value) => (isRawRef(value) ? null : numberIn(value)));
      const whole = operands.every((value, i) => isRawRef(value) || values[i] !== null);
      return whole
        ? {
            className: 'Operation',
            config: { ...name, op, values },
            call: { inputs: operands.filter(isRawRef) },
          }
        : undefined;
    }
    case 'reshape': {
      const shape = option('newshape', 'shape');
      return Array.isArray(shape) ? as('Reshape', { target_shape: shape.slice(1) as Json[] }) : undefined;
    }
    case 'transpose': {
      const order = option('axes', 'perm');
      return Array.isArray(order) && order[0] === 0
        ? as('Permute', { dims: order.slice(1) as Json[] })
        : undefined;
    }
    case 'concatenate':
      return as('Concatenate', { axis: Array.isArray(axis) ? ((axis as readonly Json[])[0] ?? -1) : -1 });
    case 'expanddims':
      return as('Operation', { op: 'expandDims', axes: axis ?? [-1] });
    case 'squeeze':
      return operation({ axes: axis });
    case 'stack':
      return operation({ axes: axis ?? [0] });
    case 'split': {
      const sections = option('indices_or_sections', 'num_or_size_splits');
      return typeof sections === 'number'
        ? operation({ sections, axes: axesOf(named['axis'] ?? config['axis'] ?? 0) })
        : undefined;
    }
    case 'slice': {
      const spec = option('slice_spec', 'key');
      return Array.isArray(spec) ? operation({ slices: spec.map(sliceOf) }) : undefined;
    }
    case 'swapaxes':
      return as('Operation', {
        op: 'swapAxes',
        axes: [axesOf(option('axis1')), axesOf(option('axis2'))].flat(),
      });
    case 'einsum': {
      const equation = config['subscripts'] ?? positional.find((value) => typeof value === 'string');
      return typeof equation === 'string' && !equation.includes('.') ? operation({ equation }) : undefined;
    }
    case 'pad': {
      const pads = option('pad_width', 'paddings');
      return Array.isArray(pads) ? operation({ pads: pads as Json[] }) : undefined;
    }
    case 'leakyrelu':
      return as('LeakyReLU', { negative_slope: numberOf(option('negative_slope', 'alpha'), 0.2) });
    case 'softmax':
      return as('Softmax', { axis: Array.isArray(axis) ? ((axis as readonly Json[])[0] ?? -1) : -1 });
    default: {
      const found = activation(written, { config, named });
      return found === undefined ? undefined : as('Activation', { activation: found });
    }
  }
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
  const kwargs = Object.fromEntries(
    Object.entries(constants).map(([index, value]) => [`arg${index}`, value]),
  );
  return { op, call: { inputs: call.inputs, kwargs } };
}

/** Is this the module of a Keras 3 operation, which is no layer? */
export function isOperationModule(module: string | undefined): boolean {
  return module !== undefined && /^keras\.(src\.)?ops(\.|$)/.test(module);
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
