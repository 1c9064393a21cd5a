import type { JsonNode } from './node.ts';
import { isRawRef, type RawCall, type RawRef } from '../../model/rawModel.ts';
import { elements, member, textOf } from './parse.ts';

const isIndex = (node: JsonNode | undefined): node is JsonNode =>
  node?.type === 'number' && Number.isInteger(node.value) && Number(node.value) >= 0;

/** `["layer", call, output]` with or without keyword arguments, as Keras 1, 2 and TF.js write a tensor. */
function tripleOf(node: JsonNode): RawRef | undefined {
  const [name, call, output] = elements(node);
  const layer = textOf(name);
  const length = elements(node).length;
  if (layer === undefined || length < 3 || length > 4 || !isIndex(call) || !isIndex(output)) return undefined;
  return { layer, call: Number(call.value), output: Number(output.value) };
}

/** `{class_name: "__keras_tensor__", config: {keras_history: [layer, call, output]}}`, as Keras 3 writes a tensor. */
function kerasTensor(node: JsonNode): RawRef | undefined {
  if (textOf(member(node, 'class_name')) !== '__keras_tensor__') return undefined;
  const history = member(node, 'config', 'keras_history');
  return history === undefined ? undefined : tripleOf(history);
}

/** A value with its tensors as refs: lists and tables are kept, everything else is plain. */
function convert(node: JsonNode): unknown {
  const ref = node.type === 'array' ? tripleOf(node) : kerasTensor(node);
  if (ref !== undefined) return ref;
  if (node.type === 'array') return elements(node).map(convert);
  return node.plain();
}

function collect(value: unknown, into: RawRef[]): boolean {
  if (isRawRef(value)) return into.push(value) > 0;
  return Array.isArray(value) && value.length > 0 && value.every((item) => collect(item, into));
}

/** Keras 3: `{args, kwargs}`. Positional tensors are inputs; positional constants become keyword `arg<i>`. */
function objectCall(node: JsonNode): RawCall {
  const inputs: RawRef[] = [];
  const kwargs: Record<string, unknown> = {};
  elements(member(node, 'args')).forEach((arg, index) => {
    const value = convert(arg);
    if (!collect(value, inputs)) kwargs[`arg${index}`] = value;
  });
  for (const [key, value] of member(node, 'kwargs')?.entries() ?? []) {
    const plain = convert(value);
    if (
      inputs.length === 0 &&
      ['inputs', 'query', 'sequence', 'sequences', 'x', 'xs'].includes(key) &&
      collect(plain, inputs)
    )
      continue;
    kwargs[key] = plain;
  }
  return { inputs, kwargs };
}

/** Keras 1, 2 and TF.js: a list of tensors; the keyword arguments stand on the first. `_CONSTANT_VALUE` carries a constant. */
function listCall(node: JsonNode): RawCall {
  const single = tripleOf(node);
  const alone = single !== undefined || textOf(elements(node)[0]) !== undefined;
  const items = alone ? [node] : elements(node);
  const inputs: RawRef[] = [];
  const kwargs: Record<string, unknown> = {};
  items.forEach((item, index) => {
    const ref = tripleOf(item);
    const [name, , value, keywords] = elements(item);
    if (ref !== undefined) inputs.push(ref);
    else if (textOf(name) === '_CONSTANT_VALUE' && value !== undefined) kwargs[`arg${index}`] = value.plain();
    else collect(convert(item), inputs);
    for (const [key, given] of keywords?.entries() ?? [])
      if (!Object.hasOwn(kwargs, key)) kwargs[key] = convert(given);
  });
  return { inputs, kwargs };
}

/** The calls of a layer from its `inbound_nodes`, whichever version wrote them. */
export function callsOf(inbound: JsonNode | undefined): readonly RawCall[] {
  return elements(inbound).map((node) => (node.type === 'object' ? objectCall(node) : listCall(node)));
}

/** `input_layers` and `output_layers`: a list of triples, one triple alone, or a table of them by name. */
export function endsOf(node: JsonNode | undefined): readonly RawRef[] {
  if (node === undefined) return [];
  if (node.type === 'object') return node.entries().flatMap(([, value]) => endsOf(value));
  const single = tripleOf(node) ?? kerasTensor(node);
  return single === undefined ? elements(node).flatMap((item) => endsOf(item)) : [single];
}
