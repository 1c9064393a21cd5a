import type { LayerSpec, ModelSpec } from '../../src/model/spec.ts';
import type { EngineBackend } from '../../src/engine/backends.ts';
import { unpack, type Packed } from './packed.ts';
import { type Block, relativeError, runLayers } from './runLayers.ts';

/** What a framework makes of a model with weights by layer path, as kerasModels.py prints it. */
export interface ModelNumbers {
  readonly names: readonly string[];
  readonly inputs: readonly Packed[];
  readonly weights: Readonly<Record<string, readonly Packed[]>>;
  readonly projections: readonly Packed[];
  readonly made: readonly Packed[];
  readonly inputGradients: readonly (Packed | null)[];
  readonly weightGradients: Readonly<Record<string, readonly (Packed | null)[]>>;
}

/** A layer's weights in the framework's order: trainable ones first; counters are none. */
function inOrder(layer: LayerSpec): readonly string[] {
  const own = layer.weights.filter(({ name }) => name !== 'count');
  const ordered = [...own.filter(({ trainable }) => trainable), ...own.filter(({ trainable }) => !trainable)];
  return ordered.map(({ name }) => name);
}

/** Norm-wise differences from the framework, by what differs: outputs, gradients of inputs and of weights. Throws where weights do not pair. */
export function differences(
  backend: EngineBackend,
  spec: ModelSpec,
  theirs: ModelNumbers,
): { readonly errors: Readonly<Record<string, number>>; readonly notMeasured: readonly string[] } {
  const weights: Record<string, Block> = {};
  for (const layer of spec.layers) {
    const values = theirs.weights[layer.id] ?? [];
    for (const [i, name] of inOrder(layer).entries()) {
      const given = values[i];
      if (given === undefined) throw new Error(`the framework has no weight ${layer.id}/${name}`);
      weights[`${layer.id}/${name}`] = unpack(given);
    }
    for (const { name, shape } of layer.weights)
      weights[`${layer.id}/${name}`] ??= { shape, values: new Float32Array(1) };
  }
  const places = spec.inputs.map(({ name }, i) =>
    theirs.names.includes(name) ? theirs.names.indexOf(name) : i,
  );
  const inputs = places.map((place) => unpack(theirs.inputs[place]!));
  const run = runLayers(
    backend,
    spec,
    inputs,
    weights,
    theirs.projections.map((block) => unpack(block).values),
  );
  const errors: Record<string, number> = {};
  theirs.made.forEach((block, i) => {
    errors[`output ${i}`] = relativeError(run.outputs[i]?.values, unpack(block).values);
  });
  const real = spec.inputs.flatMap(({ values }, i) => (values === 'real' ? [i] : []));
  real.forEach((from, i) => {
    const block = theirs.inputGradients[places[from]!];
    if (block)
      errors[`gradient of input ${from}`] = relativeError(
        run.inputGradients[i]?.values,
        unpack(block).values,
      );
  });
  for (const layer of spec.layers) {
    // Keras 3 writes the normalized kernel into the layer before it runs: its gradient is not the drawn kernel's.
    if (layer.kind === 'spectralNorm') continue;
    inOrder(layer).forEach((name, i) => {
      const key = `${layer.id}/${name}`;
      const block = theirs.weightGradients[layer.id]?.[i];
      if (block)
        errors[`gradient of ${key}`] = relativeError(run.weightGradients[key]?.values, unpack(block).values);
    });
  }
  return { errors, notMeasured: run.notMeasured };
}
