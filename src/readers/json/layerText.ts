import type { JsonObject } from '../../model/json.ts';
import type { Origin } from '../../model/origin.ts';
import type { RawCall } from '../../model/rawModel.ts';
import { callsOf } from './calls.ts';
import type { JsonNode } from './node.ts';
import { isOperationModule, operationTitle, translateOperation } from './operations.ts';
import { elements, member, objectOf, rangeOf, textOf } from './parse.ts';
import { type StatedByLayer, statedIn } from './statedShapes.ts';

/** A place in a layer's text, counted from where the layer starts. */
type OwnPlace = Pick<Origin, 'range' | 'kind' | 'weight'>;

/** What the text of a layer says by itself, wherever in a file it stands. */
export interface LayerText {
  readonly className: string;
  readonly config: JsonObject;
  readonly calls: readonly RawCall[];
  /** The operation that it is a node of, as Keras 3 names it. */
  readonly operation?: string;
  /** Values of initializers and activations. */
  readonly values: readonly OwnPlace[];
  readonly states: StatedByLayer;
}

/** Keys of a config that hold an initializer. */
export const INITIALIZER = /(_initializer|Initializer|^init|^inner_init|_init)$/;
/** Keys of a config that hold an activation. */
export const ACTIVATION = /(^activation|_activation|Activation)$/;
const WRAPPED = ['layer', 'cell', 'forward_layer', 'backward_layer'];
const UNIT_FORGET = 'unit_forget_bias';

let last: ReadonlyMap<string, LayerText> = new Map();
let present = new Map<string, LayerText>();

/** A file is read from now on: of layers that were not in it, nor in the file before, nothing is kept. */
export function beginFile(): void {
  last = present;
  present = new Map();
}

/**
 * What a layer's text says. That of a text which stood in this file or the one read before it is what was said then, the very same
 * object: after an edit, layers that it did not touch cost nothing, here and wherever their config is asked for again.
 */
export function layerText(node: JsonNode, className: string, config: JsonNode): LayerText {
  const { text } = node;
  const known = present.get(text) ?? last.get(text) ?? readText(node, className, config);
  present.set(text, known);
  return known;
}

function readText(node: JsonNode, className: string, config: JsonNode): LayerText {
  const calls = callsOf(member(node, 'inbound_nodes'));
  const written = objectOf(config);
  const module = moduleOf(node, config);
  const operation = translateOperation(className, module, written, calls);
  return {
    className: operation?.className ?? operationTitle(className, module, written) ?? className,
    config: operation?.config ?? written,
    calls: operation === undefined ? calls : [operation.call],
    ...(isOperationModule(module) ? { operation: className } : {}),
    values: valuePlaces(config, '').map((place) => ({
      ...place,
      range: { start: place.range.start - node.offset, end: place.range.end - node.offset },
    })),
    states: statedIn(node),
  };
}

/**
 * The module of an operation node. Keras 3 leaves it out of `.h5` files, where an operation shows by a config without the entries
 * that every layer has.
 */
function moduleOf(node: JsonNode, config: JsonNode): string | undefined {
  const written = textOf(member(node, 'module'));
  if (written !== undefined) return written;
  const [call] = elements(member(node, 'inbound_nodes'));
  const isLayer = ['trainable', 'dtype', 'batch_shape'].some((key) => member(config, key) !== undefined);
  return call?.type === 'object' && !isLayer ? 'keras.ops' : undefined;
}

function holdsPlace(key: string): boolean {
  if (INITIALIZER.test(key) || ACTIVATION.test(key)) return true;
  return key === UNIT_FORGET || key === 'cells' || WRAPPED.includes(key);
}

/** Initializer and activation values of a config, wrapped layers included (`layer/kernel_initializer`). */
function valuePlaces(config: JsonNode, prefix: string): OwnPlace[] {
  return config.entries(holdsPlace).flatMap(([key, value]): OwnPlace[] => {
    if (INITIALIZER.test(key) || key === UNIT_FORGET)
      return value.type === 'null'
        ? []
        : [{ range: rangeOf(value), kind: 'initializer', weight: prefix + key }];
    if (ACTIVATION.test(key)) return [{ range: rangeOf(value), kind: 'activation' }];
    const inner = member(value, 'config');
    if (WRAPPED.includes(key) && inner !== undefined) return valuePlaces(inner, `${prefix}${key}/`);
    return elements(value).flatMap((cell, i) => {
      const below = member(cell, 'config');
      return below === undefined ? [] : valuePlaces(below, `${prefix}cells/${i}/`);
    });
  });
}
