import type { JsonObject } from './json.ts';
import { InputError } from './problem.ts';
import type { RawLayer, RawModel, RawRef } from './rawModel.ts';
import type { TensorRef } from './spec.ts';

/** A layer with its id in the whole graph. */
export interface PlacedLayer {
  readonly id: string;
  readonly raw: RawLayer;
}

/** One call of a placed layer; nested models are gone. */
export interface PlacedCall {
  readonly node: string;
  readonly layer: PlacedLayer;
  readonly inputs: readonly TensorRef[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** A raw model without nesting: layers in file order, calls in topological order. */
export interface FlatGraph {
  readonly layers: readonly PlacedLayer[];
  readonly calls: readonly PlacedCall[];
  readonly outputs: readonly { readonly ref: TensorRef; readonly name: string }[];
  /** Layers that stand in the file and are never called. */
  readonly uncalled: readonly PlacedLayer[];
}

const MAX_CALLS = 100_000;
const isInput = (layer: RawLayer): boolean => layer.className === 'InputLayer' || layer.className === 'Input';

/** A reference as readers put it into `RawCall.kwargs`. */
export function isRawRef(value: unknown): value is RawRef {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Object.keys(value).length === 3 && ['layer', 'call', 'output'].every((key) => Object.hasOwn(value, key))
  );
}

function refsIn(value: unknown, into: RawRef[]): void {
  if (isRawRef(value)) into.push(value);
  else if (Array.isArray(value)) for (const item of value) refsIn(item, into);
}

/** The shape keys of the first layer, for the input that a Sequential leaves implicit. */
function implicitShape(layer: RawLayer): JsonObject {
  const { config } = layer;
  const picked: Record<string, JsonObject[string]> = {};
  for (const key of [
    'batch_shape',
    'batch_input_shape',
    'batchInputShape',
    'input_shape',
    'inputShape',
    'dtype',
    'input_dtype',
  ]) {
    const value = Object.hasOwn(config, key) ? config[key] : undefined;
    if (value !== undefined && (value === null || key.endsWith('dtype') ? typeof value === 'string' : true))
      picked[key] = value;
  }
  const size = Object.hasOwn(config, 'input_dim') ? config['input_dim'] : undefined;
  if (Object.keys(picked).some((key) => key.toLowerCase().endsWith('shape'))) return picked;
  const first = layer.model?.layers[0];
  if (first !== undefined) return isInput(first) ? first.config : implicitShape(first);
  if (layer.className === 'Embedding') {
    const length = Object.hasOwn(config, 'input_length') ? config['input_length'] : null;
    return { ...picked, input_shape: Array.isArray(length) ? length : [length ?? null] };
  }
  if (typeof size === 'number') {
    const length = Object.hasOwn(config, 'input_length') ? config['input_length'] : undefined;
    return { ...picked, input_shape: length === undefined ? [size] : [length, size] };
  }
  return picked;
}

/** A Sequential as a functional model: an explicit input, each layer called on the one before. */
function chained(model: RawModel): RawModel {
  const [first] = model.layers;
  if (model.kind === 'functional' || first === undefined) return model;
  const input: RawLayer = isInput(first)
    ? { ...first, calls: [{ inputs: [] }] }
    : {
        name: `${first.name}_input`,
        className: 'InputLayer',
        config: implicitShape(first),
        origins: first.origins.slice(0, 1),
        calls: [{ inputs: [] }],
        place: (...keys) => first.place(...keys),
      };
  let before = input.name;
  const rest = (isInput(first) ? model.layers.slice(1) : model.layers).map((layer): RawLayer => {
    const from = before;
    before = layer.name;
    return { ...layer, calls: [{ inputs: [{ layer: from, call: 0, output: 0 }] }] };
  });
  return {
    ...model,
    kind: 'functional',
    layers: [input, ...rest],
    inputs: [{ layer: input.name, call: 0, output: 0 }],
    outputs: [{ layer: before, call: 0, output: 0 }],
  };
}

function located(
  layer: RawLayer,
  message: string,
  more: { found?: string; expected?: string; hint?: string } = {},
): InputError {
  const [at] = layer.origins;
  return new InputError({
    message,
    ...more,
    ...(at === undefined ? {} : { file: at.file, range: at.range }),
  });
}

interface Unit {
  readonly layer: RawLayer;
  readonly call: number;
  readonly refs: readonly RawRef[];
}

/** Calls of one model in topological order, file order where it leaves a choice. Throws an InputError on cycles and bad links. */
function ordered(model: RawModel, byName: ReadonlyMap<string, RawLayer>): Unit[] {
  const units = new Map<string, Unit>();
  for (const layer of model.layers) {
    const calls = isInput(layer) ? [{ inputs: [] }] : layer.calls;
    calls.forEach((call, index) => {
      const refs = [...call.inputs];
      refsIn(Object.values(('kwargs' in call ? call.kwargs : undefined) ?? {}), refs);
      units.set(`${layer.name}\n${index}`, { layer, call: index, refs });
    });
  }
  const done = new Set<string>();
  const open = new Set<string>();
  const result: Unit[] = [];
  for (const start of units.keys()) {
    const stack: { key: string; next: number }[] = [{ key: start, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const unit = top === undefined ? undefined : units.get(top.key);
      if (top === undefined || unit === undefined) break;
      if (done.has(top.key)) {
        stack.pop();
        continue;
      }
      open.add(top.key);
      const ref = unit.refs[top.next++];
      if (ref === undefined) {
        result.push(unit);
        done.add(top.key);
        open.delete(top.key);
        stack.pop();
        continue;
      }
      const key = `${ref.layer}\n${ref.call}`;
      if (!units.has(key)) {
        const exists = byName.get(ref.layer);
        const calls = exists?.calls.length ?? 0;
        throw exists === undefined
          ? located(
              unit.layer,
              `Layer "${unit.layer.name}" takes its input from "${ref.layer}", which is not in the model.`,
              {
                found: `"${ref.layer}"`,
                expected: 'the name of a layer of the same model',
              },
            )
          : located(
              unit.layer,
              `Layer "${unit.layer.name}" takes call ${ref.call} of "${ref.layer}", which is called ${calls} times.`,
            );
      }
      if (done.has(key)) continue;
      if (open.has(key)) {
        const names = stack.map((item) => units.get(item.key)?.layer.name ?? '');
        const from = stack.findIndex((item) => item.key === key);
        throw located(unit.layer, 'The layers form a cycle.', {
          found: [...names.slice(from), names[from] ?? ''].slice(0, 12).join(' → '),
          expected: 'a graph without cycles',
        });
      }
      stack.push({ key, next: 0 });
    }
  }
  return result;
}

/** Flattens nested models into the calls of their layers. Throws an InputError on duplicate names, bad links, cycles and bombs. */
export function flattenGraph(top: RawModel): FlatGraph {
  const layers = new Map<string, PlacedLayer>();
  const used = new Map<string, number>();
  const calls: PlacedCall[] = [];
  const uncalled: PlacedLayer[] = [];

  const place = (prefix: string, layer: RawLayer): PlacedLayer => {
    const id = prefix + layer.name;
    const known = layers.get(id);
    if (known !== undefined) return known;
    const placed = { id, raw: layer };
    layers.set(id, placed);
    return placed;
  };

  const expand = (
    given: RawModel,
    prefix: string,
    bound: readonly TensorRef[] | undefined,
  ): readonly TensorRef[] => {
    const model = chained(given);
    const byName = new Map<string, RawLayer>();
    for (const layer of model.layers) {
      if (byName.has(layer.name))
        throw located(layer, `Two layers have the name "${layer.name}".`, {
          expected: 'a name of its own for every layer',
        });
      byName.set(layer.name, layer);
    }
    const tensors = new Map<string, readonly TensorRef[]>();
    const sources = new Map<string, TensorRef>();
    const tensor = (ref: RawRef, asker?: RawLayer): TensorRef => {
      const source = sources.get(ref.layer);
      if (source !== undefined) return source;
      const outputs = tensors.get(`${ref.layer}\n${ref.call}`);
      const known = byName.get(ref.layer);
      if (outputs === undefined) {
        const message = `The model's outputs name "${ref.layer}" (call ${ref.call}), which is not in the model.`;
        const file = { file: model.origin.file, range: model.origin.range };
        throw asker === undefined ? new InputError({ message, ...file }) : located(asker, message);
      }
      if (known?.model === undefined || isInput(known))
        return { node: outputs[0]?.node ?? '', output: ref.output };
      const inner = outputs[ref.output];
      if (inner === undefined)
        throw located(
          known,
          `The model "${known.name}" has ${outputs.length} outputs; number ${ref.output} is asked for.`,
        );
      return inner;
    };
    const resolve = (value: unknown): unknown => {
      if (isRawRef(value)) return tensor(value);
      return Array.isArray(value) ? value.map(resolve) : value;
    };
    model.inputs.forEach((ref, index) => {
      const source = bound?.[index];
      if (source !== undefined) sources.set(ref.layer, source);
    });
    for (const unit of ordered(model, byName)) {
      const key = `${unit.layer.name}\n${unit.call}`;
      if (sources.has(unit.layer.name)) continue;
      const call = unit.layer.calls[unit.call] ?? { inputs: [] };
      const inputs = call.inputs.map((ref) => tensor(ref, unit.layer));
      if (unit.layer.model !== undefined) {
        tensors.set(key, expand(unit.layer.model, `${prefix}${unit.layer.name}/`, inputs));
        continue;
      }
      const layer = place(prefix, unit.layer);
      const count = used.get(layer.id) ?? 0;
      used.set(layer.id, count + 1);
      const node = count === 0 ? layer.id : `${layer.id}:${count}`;
      if (calls.length >= MAX_CALLS)
        throw located(unit.layer, `The model has more than ${MAX_CALLS} layer calls.`, {
          expected: 'a smaller model',
        });
      const kwargs = Object.fromEntries(
        Object.entries(call.kwargs ?? {}).map(([name, value]) => [name, resolve(value)]),
      );
      calls.push({ node, layer, inputs, kwargs });
      tensors.set(key, [{ node, output: 0 }]);
    }
    for (const layer of model.layers) {
      if (!isInput(layer) && layer.calls.length === 0 && layer.model === undefined)
        uncalled.push(place(prefix, layer));
    }
    return model.outputs.map((ref) => tensor(ref));
  };

  const outputs = expand(top, '', undefined);
  const names = chained(top).outputs.map((ref) => ref.layer);
  return {
    layers: [...layers.values()],
    calls,
    outputs: outputs.map((ref, i) => ({ ref, name: names[i] ?? ref.node })),
    uncalled,
  };
}
