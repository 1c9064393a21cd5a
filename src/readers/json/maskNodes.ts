import { isRawRef, type RawRef } from '../../model/rawModel.ts';
import type { JsonLayer } from './model.ts';

/** Operations that Keras 3 makes masks of, in the graph it saves. */
const MAKES_MASKS = new Set([
  'NotEqual',
  'Any',
  'LogicalOr',
  'LogicalAnd',
  'ExpandDims',
  'ZerosLike',
  'OnesLike',
  'Concatenate',
]);

function refsIn(value: unknown, into: RawRef[] = []): readonly RawRef[] {
  if (isRawRef(value)) into.push(value);
  else if (Array.isArray(value)) for (const item of value) refsIn(item, into);
  return into;
}

const isMaskArgument = (name: string): boolean => name === 'mask' || /^(query|value|key)_mask$/.test(name);

/** Is this the test for masked steps that a Masking or an Embedding layer makes of its own input? */
function isAutomatic(test: JsonLayer, layers: readonly JsonLayer[]): boolean {
  const from = test.calls[0]?.inputs[0];
  if (from === undefined) return false;
  return layers.some(
    (layer) =>
      (layer.className === 'Masking' || layer.config['mask_zero'] === true) &&
      layer.calls.some(({ inputs }) => inputs[0]?.layer === from.layer && inputs[0].output === from.output),
  );
}

/**
 * Keras 3 saves how masks are made as operations of the graph, and hands them on as `mask` arguments. Masks are carried by the layers
 * themselves here, so that operations which make nothing else are taken out; what tests something of the user's own stays.
 */
export function withoutMaskNodes(
  layers: readonly JsonLayer[],
  outputs: readonly RawRef[],
): readonly JsonLayer[] {
  const masks = new Set(
    layers
      .filter((layer) => layer.operation !== undefined && MAKES_MASKS.has(layer.operation))
      .map(({ name }) => name),
  );
  if (masks.size === 0) return layers;
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const users = new Map<string, Set<string>>();
  const use = (refs: readonly RawRef[], user: string): void => {
    for (const ref of refs) users.set(ref.layer, (users.get(ref.layer) ?? new Set()).add(user));
  };
  use(outputs, '');
  for (const layer of layers)
    for (const call of layer.calls) {
      use(call.inputs, layer.name);
      for (const [key, value] of Object.entries(call.kwargs ?? {}))
        if (!isMaskArgument(key)) use(refsIn(value), layer.name);
    }
  const keeps = (name: string): boolean => {
    const layer = byName.get(name);
    if (layer === undefined) return true;
    if ([...(users.get(name) ?? [])].some((user) => !masks.has(user))) return true;
    if (layer.operation === 'NotEqual') return !isAutomatic(layer, layers);
    return layer.calls.some(({ inputs }) =>
      inputs.some((ref) => {
        const made = byName.get(ref.layer)?.operation;
        return made !== undefined && MAKES_MASKS.has(made) && !masks.has(ref.layer);
      }),
    );
  };
  for (let before = -1; before !== masks.size;) {
    before = masks.size;
    for (const name of [...masks]) if (keeps(name)) masks.delete(name);
  }
  return layers
    .filter(({ name }) => !masks.has(name))
    .map((layer) => ({
      ...layer,
      calls: layer.calls.map((call) => ({
        ...call,
        ...(call.kwargs === undefined
          ? {}
          : {
              kwargs: Object.fromEntries(
                Object.entries(call.kwargs).filter(
                  ([key, value]) =>
                    !(isMaskArgument(key) && refsIn(value).some((ref) => masks.has(ref.layer))),
                ),
              ),
            }),
      })),
    }));
}
