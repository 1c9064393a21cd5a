import { isRawRef, type RawCall, type RawRef } from '../../model/rawModel.ts';
import type { JsonLayer } from './model.ts';

/** The layers and the ends of a graph. */
interface Linked {
  readonly layers: readonly JsonLayer[];
  readonly outputs: readonly RawRef[];
}

function mapped<T>(value: T, change: (ref: RawRef) => RawRef): T {
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, change)) as T;
  return isRawRef(value) ? (change(value) as T) : value;
}

/** The same graph with every reference changed, those in keyword arguments included. */
export function withRefs({ layers, outputs }: Linked, change: (ref: RawRef) => RawRef): Linked {
  return {
    layers: layers.map((layer) => ({
      ...layer,
      calls: layer.calls.map((call): RawCall => ({
        inputs: call.inputs.map(change),
        kwargs: Object.fromEntries(
          Object.entries(call.kwargs ?? {}).map(([key, value]) => [key, mapped(value, change)]),
        ),
      })),
    })),
    outputs: outputs.map(change),
  };
}

/** Keras counts a nested model's own building as call 0 in some versions: then the first call in the file has number 1. */
export function shiftNested(graph: Linked): Linked {
  const nested = new Map(
    graph.layers.flatMap((layer) =>
      layer.model === undefined ? [] : [[layer.name, layer.calls.length] as const],
    ),
  );
  if (nested.size === 0) return graph;
  const highest = new Map<string, number>();
  withRefs(graph, (ref) => {
    highest.set(ref.layer, Math.max(highest.get(ref.layer) ?? 0, ref.call));
    return ref;
  });
  return withRefs(graph, (ref) => {
    const calls = nested.get(ref.layer);
    const shifted = calls !== undefined && (highest.get(ref.layer) ?? 0) >= Math.max(1, calls);
    return shifted && ref.call > 0 ? { ...ref, call: ref.call - 1 } : ref;
  });
}
