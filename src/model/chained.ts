import type { JsonObject } from './json.ts';
import { isDistributed, isInput, type RawLayer, type RawModel } from './rawModel.ts';

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
  if (first !== undefined && !isDistributed(layer))
    return isInput(first) ? first.config : implicitShape(first);
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
export function chained(model: RawModel): RawModel {
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
