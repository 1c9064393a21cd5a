import type { JsonNode } from './node.ts';
import { chained } from '../../model/chained.ts';
import type { RawRef } from '../../model/rawModel.ts';
import type { JsonLayer, JsonModel } from './model.ts';
import { withRefs } from './nestedCalls.ts';
import { elements, member, textOf } from './parse.ts';

/** The branches that the first layer of a Keras 1 Sequential joins: they stand in the config of its `Merge`. Empty for any other layer. */
export function branchesOf(first: JsonNode | undefined): readonly JsonNode[] {
  return textOf(member(first, 'class_name')) === 'Merge' ? elements(member(first, 'config', 'layers')) : [];
}

/** A model's layers with every call and input written out; an input that the file leaves implicit has the config it stands for. */
function functional(model: JsonModel): JsonModel {
  const own = new Map(model.layers.map((layer) => [layer.name, layer]));
  const whole = chained(model);
  const layers = whole.layers.flatMap((layer): JsonLayer[] => {
    const known = own.get(layer.name);
    if (known !== undefined) return [{ ...known, calls: layer.calls }];
    const [first] = model.layers;
    const { name, className, config, origins, calls, place } = layer;
    return first === undefined
      ? []
      : [{ name, className, config, origins, calls, place, configNode: first.configNode, node: first.node }];
  });
  return { ...whole, layers };
}

/** The model with names that are not taken yet: Keras 1 builds each branch by itself, even two of the same name. */
function renamed(model: JsonModel, taken: Set<string>): JsonModel {
  const names = new Map<string, string>();
  for (const { name } of model.layers) {
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    names.set(name, free);
  }
  const own = (ref: RawRef): RawRef => ({ ...ref, layer: names.get(ref.layer) ?? ref.layer });
  const { layers, outputs } = withRefs(model, own);
  return {
    ...model,
    layers: layers.map((layer) => ({ ...layer, name: names.get(layer.name) ?? layer.name })),
    inputs: model.inputs.map(own),
    outputs,
  };
}

/**
 * A Keras 1 Sequential that starts with a `Merge` of branches, as one functional model: the branches' layers, then the merge called on
 * their ends, then the rest of the chain. Layers keep their bare names, under which Keras 1 saves their weights.
 */
export function mergedBranches(branches: readonly JsonModel[], chain: JsonModel): JsonModel {
  const taken = new Set(chain.layers.map(({ name }) => name));
  const parts = branches.map((branch) => renamed(functional(branch), taken));
  let before: readonly RawRef[] = parts.flatMap(({ outputs }) => outputs);
  const rest = chain.layers.map((layer): JsonLayer => {
    const call = { inputs: before };
    before = [{ layer: layer.name, call: 0, output: 0 }];
    return { ...layer, calls: [call] };
  });
  return {
    ...chain,
    kind: 'functional',
    layers: [...parts.flatMap(({ layers }) => layers), ...rest],
    inputs: parts.flatMap(({ inputs }) => inputs),
    outputs: before,
  };
}
