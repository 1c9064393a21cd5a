import type { InputShapes } from './inputShapes.ts';
import type { PlacedCall } from './flatGraph.ts';
import { halved } from './halved.ts';
import type { Json } from './json.ts';
import { InputError, type Problem } from './problem.ts';
import { atLayer, note, type Read } from './readLayer.ts';
import { countedSize, formatShape, type Shape } from './shape.ts';
import type { NodeSpec, TensorRef } from './spec.ts';

/** The most values that a tensor or a weight may have. */
export const LARGEST = 2 ** 31 - 1;

/** A call with the shapes that go in and come out. */
interface Shaped {
  readonly call: PlacedCall;
  readonly inputs: readonly TensorRef[];
  readonly inputShapes: readonly Shape[];
  readonly outputs: readonly Shape[];
}

/** Tensor inputs of a call: positional ones, then keyword tensors in the order of these names. */
function tensorInputs(call: PlacedCall, names: readonly string[]): readonly TensorRef[] {
  const found: TensorRef[] = [...call.inputs];
  const take = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) take(item);
    else if (typeof value === 'object' && value !== null && 'node' in value) found.push(value as TensorRef);
  };
  for (const name of names) if (Object.hasOwn(call.kwargs, name)) take(call.kwargs[name]);
  return found;
}

/** Output shapes by the kind; glu, an activation, halves the last axis of what it is given. */
function outputsOf(read: Read, shapes: readonly Shape[], call: PlacedCall): readonly Shape[] {
  const made = read.kind.outputs(read.parsed.config, shapes, call.kwargs);
  return read.halved ? halved(made) : made;
}

function isPossible(shape: Shape): boolean {
  for (let axis = 1; axis < shape.length; axis++) {
    const size = shape[axis] ?? 1;
    if (size < 1 || !Number.isInteger(size)) return false;
  }
  return countedSize(shape) <= LARGEST;
}

/** Shapes of every call that does not depend on an unknown one; `left` are the layers that do. */
export function inferShapes(
  calls: readonly PlacedCall[],
  layers: ReadonlyMap<string, Read>,
  inputs: InputShapes,
): { shaped: Map<string, Shaped>; left: Map<string, string> } {
  const shaped = new Map<string, Shaped>();
  const left = new Map<string, string>();
  for (const call of calls) {
    const read = layers.get(call.layer.id);
    if (read === undefined) continue;
    const refs = tensorInputs(call, read.callArguments);
    const missing = refs.find((ref) => !shaped.has(ref.node));
    if (missing !== undefined) {
      left.set(call.layer.id, left.get(missing.node.replace(/:\d+$/, '')) ?? missing.node);
      continue;
    }
    const shapes = refs.map((ref): Shape => {
      const shape = shaped.get(ref.node)?.outputs[ref.output];
      if (shape !== undefined) return shape;
      throw new InputError({ message: `"${ref.node}" has no output number ${ref.output}.` });
    });
    const outputs = atLayer(call.layer, (): readonly Shape[] => {
      const given = inputs.get(call.node);
      const result = given === undefined ? outputsOf(read, shapes, call) : [given];
      const bad = result.find((shape) => !isPossible(shape));
      if (bad === undefined) return result;
      throw new InputError({
        message: 'The output has an impossible size.',
        found: formatShape(bad),
        expected: 'positive sizes and at most 2³¹ values per sample',
      });
    });
    if (outputs.length === 0) left.set(call.layer.id, call.layer.id);
    else shaped.set(call.node, { call, inputs: refs, inputShapes: shapes, outputs });
  }
  return { shaped, left };
}

/** The node of a call in the spec. */
export function nodeSpec(shaped: Shaped): NodeSpec {
  const kwargs = Object.entries(shaped.call.kwargs).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return {
    id: shaped.call.node,
    layer: shaped.call.layer.id,
    inputs: shaped.inputs,
    outputs: shaped.outputs,
    ...(kwargs.length === 0 ? {} : { kwargs: Object.fromEntries(kwargs) as Readonly<Record<string, Json>> }),
  };
}

/** One note for each layer that ends the graph: its output shape is unknown. */
export function leftOut(left: ReadonlyMap<string, string>, layers: ReadonlyMap<string, Read>): Problem[] {
  const bySource = new Map<string, number>();
  for (const [layer, source] of left)
    if (layer !== source) bySource.set(source, (bySource.get(source) ?? 0) + 1);
  return [...new Set(left.values())].flatMap((source) => {
    const read = layers.get(source);
    const count = bySource.get(source) ?? 0;
    if (read === undefined) return [];
    const more = count === 0 ? '' : ` and ${count === 1 ? 'one layer' : `${count} layers`} after it`;
    return [
      note(
        read.placed,
        `Layer "${source}" has an unknown output shape: it${more} ${count === 0 ? 'is' : 'are'} left out.`,
      ),
    ];
  });
}

/** A note at each glu layer for whose unhalved size Keras 3 built what follows: it does not know that glu halves, and fails when run. */
export function unhalved(
  shaped: ReadonlyMap<string, Shaped>,
  layers: ReadonlyMap<string, Read>,
): readonly Problem[] {
  return [...shaped.values()].flatMap(({ call, outputs }) => {
    const read = layers.get(call.layer.id);
    const [stated] = call.layer.raw.stated ?? [];
    const [made, asked] = [outputs[0]?.at(-1), stated?.at(-1)];
    if (read?.halved !== true || typeof made !== 'number' || asked !== 2 * made) return [];
    return [
      note(
        call.layer,
        `Layer "${call.layer.id}": glu gives ${made} values where the file states ${asked}. Keras 3 does not halve the size when it builds what follows, and such a model fails when it is run; it is inspected with ${made}.`,
      ),
    ];
  });
}
