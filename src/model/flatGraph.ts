import { located, ordered, type Unit } from './callOrder.ts';
import { chained } from './chained.ts';
import { InputError } from './problem.ts';
import { isDistributed, isInput, isRawRef, type RawLayer, type RawModel, type RawRef } from './rawModel.ts';
import type { TensorRef } from './spec.ts';

/** A layer with its id in the whole graph. */
export interface PlacedLayer {
  readonly id: string;
  readonly raw: RawLayer;
  /** How many models that are distributed over steps it stands in: it is applied to every step of as many leading axes. */
  readonly steps: number;
}

/** One call of a placed layer; nested models are gone. */
export interface PlacedCall {
  readonly node: string;
  readonly layer: PlacedLayer;
  readonly inputs: readonly TensorRef[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** A raw model without nesting: layers in file order, calls in topological order. */
interface FlatGraph {
  readonly layers: readonly PlacedLayer[];
  readonly calls: readonly PlacedCall[];
  readonly outputs: readonly { readonly ref: TensorRef; readonly name: string }[];
  /** Layers that stand in the file and are never called. */
  readonly uncalled: readonly PlacedLayer[];
}

const MAX_CALLS = 100_000;
const NO_KWARGS: PlacedCall['kwargs'] = {};

/** Flattens nested models into the calls of their layers. Throws an InputError on duplicate names, bad links, cycles and bombs. */
export function flattenGraph(top: RawModel): FlatGraph {
  const layers = new Map<string, PlacedLayer>();
  const used = new Map<string, number>();
  const calls: PlacedCall[] = [];
  const uncalled: PlacedLayer[] = [];

  const place = (prefix: string, layer: RawLayer, steps: number): PlacedLayer => {
    const id = prefix + layer.name;
    const known = layers.get(id);
    if (known !== undefined) return known;
    const placed = { id, raw: layer, steps };
    layers.set(id, placed);
    return placed;
  };

  const expand = (
    given: RawModel,
    prefix: string,
    bound: readonly TensorRef[] | undefined,
    steps: number,
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
    const tensors = new Map<string, (readonly TensorRef[])[]>();
    const sources = new Map<string, TensorRef>();
    const tensor = (ref: RawRef, asker?: RawLayer): TensorRef => {
      const source = sources.get(ref.layer);
      if (source !== undefined) return source;
      const outputs = tensors.get(ref.layer)?.[ref.call];
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
    const make = ({ layer, call }: Unit, outputs: readonly TensorRef[]): void => {
      const made = tensors.get(layer.name) ?? [];
      made[call] = outputs;
      tensors.set(layer.name, made);
    };
    for (const unit of ordered(model, byName)) {
      if (sources.has(unit.layer.name)) continue;
      const call = unit.layer.calls[unit.call] ?? { inputs: [] };
      const inputs = call.inputs.map((ref) => tensor(ref, unit.layer));
      if (unit.layer.model !== undefined) {
        const deeper = steps + (isDistributed(unit.layer) ? 1 : 0);
        make(unit, expand(unit.layer.model, `${prefix}${unit.layer.name}/`, inputs, deeper));
        continue;
      }
      const layer = place(prefix, unit.layer, steps);
      const count = used.get(layer.id) ?? 0;
      used.set(layer.id, count + 1);
      const node = count === 0 ? layer.id : `${layer.id}:${count}`;
      if (calls.length >= MAX_CALLS)
        throw located(unit.layer, `The model has more than ${MAX_CALLS} layer calls.`, {
          expected: 'a smaller model',
        });
      const given = Object.entries(call.kwargs ?? NO_KWARGS);
      const kwargs =
        given.length === 0
          ? NO_KWARGS
          : Object.fromEntries(given.map(([name, value]) => [name, resolve(value)]));
      calls.push({ node, layer, inputs, kwargs });
      make(unit, [{ node, output: 0 }]);
    }
    for (const layer of model.layers) {
      if (!isInput(layer) && layer.calls.length === 0 && layer.model === undefined)
        uncalled.push(place(prefix, layer, steps));
    }
    return model.outputs.map((ref) => tensor(ref));
  };

  const outputs = expand(top, '', undefined, 0);
  const names = chained(top).outputs.map((ref) => ref.layer);
  return {
    layers: [...layers.values()],
    calls,
    outputs: outputs.map((ref, i) => ({ ref, name: names[i] ?? ref.node })),
    uncalled,
  };
}
