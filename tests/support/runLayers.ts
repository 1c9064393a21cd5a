import * as tf from '@tensorflow/tfjs-core';
import type { RunContext } from '../../src/engine/call.ts';
import { runGraph, valueKey } from '../../src/engine/execute.ts';
import { gradientsOf } from '../../src/engine/gradients.ts';
import { createRecorder, type Recorder } from '../../src/engine/recorder.ts';
import { forgetTaps } from '../../src/engine/taps.ts';
import { type LiveWeight, type Weights } from '../../src/engine/weights.ts';
import { everyLayer, layersById } from '../../src/model/everyLayer.ts';
import type { TapStats } from '../../src/model/measurement.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import type { EngineBackend } from '../../src/engine/backends.ts';

/** Values of a tensor with their shape. */
export interface Block {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What running a spec with given weights and inputs gave; gradients are of Σ output · projection. */
export interface LayerRun {
  readonly outputs: readonly Block[];
  readonly inputGradients: readonly (Block | undefined)[];
  readonly weightGradients: Readonly<Record<string, Block | undefined>>;
  readonly taps: readonly TapStats[];
  readonly notMeasured: readonly string[];
}

const block = (tensor: tf.Tensor): Block => ({
  shape: tensor.shape,
  values: Float32Array.from(tensor.dataSync()),
});

/** A fixed irregular sequence around 0, for inputs, weights and projections. */
export function irregular(size: number, salt: number, scale = 1): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + salt * 78.233) * 43758.5453;
    return scale * 2 * (x - Math.floor(x) - 0.5);
  });
}

function contextFor(
  spec: ModelSpec,
  batch: number,
  weights: Weights,
  recorder: Recorder,
  backend: EngineBackend,
  left: string[],
): RunContext {
  const layers = layersById(spec.layers);
  return {
    batch,
    semantics: spec.semantics.value,
    weights,
    recorder,
    view: (tensor) => backend.view(tensor),
    layer: (id) => layers.get(id)!,
    enter: () => undefined,
    refusal: () => undefined,
    notMeasured: (layer, reason) => left.push(`${layer}: ${reason}`),
    random: (_name, shape) => tf.zeros([...shape]),
    tapInput: (_node, _layer, tensor) => tensor,
  };
}

/** Runs a spec forward and backward on an open backend with the weights given by `layer/name`. */
export function runLayers(
  backend: EngineBackend,
  spec: ModelSpec,
  inputs: readonly Block[],
  weightsBy: Readonly<Record<string, Block>>,
  projection: readonly Float32Array[],
): LayerRun {
  const recorder = createRecorder(backend.statistics);
  const left: string[] = [];
  return backendScope(() => {
    const live: LiveWeight[] = everyLayer(spec.layers).flatMap((layer) =>
      layer.weights.map((weight): LiveWeight => {
        const given = weightsBy[`${layer.id}/${weight.name}`];
        if (given === undefined) throw new Error(`no weight ${layer.id}/${weight.name}`);
        return { layer: layer.id, spec: weight, tensor: tf.tensor(given.values, [...weight.shape]) };
      }),
    );
    const weights: Weights = {
      all: live,
      of: (layer, name) => live.find((entry) => entry.layer === layer && entry.spec.name === name),
      dispose: () => undefined,
    };
    const fed = inputs.map(({ values, shape }) => tf.tensor(values, [...shape], 'float32'));
    const byNode = new Map(spec.inputs.map(({ node }, i) => [node, fed[i]!]));
    const batch = inputs[0]!.shape[0]!;
    let outputs: Block[] = [];
    const forward = (): tf.Scalar => {
      const values = runGraph(spec, byNode, contextFor(spec, batch, weights, recorder, backend, left));
      const made = spec.outputs.map(({ ref }) => values.get(valueKey(ref))!.tensor);
      outputs = made.map(block);
      const terms = made.map((tensor, i) => tf.sum(tf.mul(tensor, tf.tensor(projection[i]!, tensor.shape))));
      return tf.addN(terms) as tf.Scalar;
    };
    const real = fed.filter((_, i) => spec.inputs[i]!.values === 'real');
    const xs = [...real, ...live.map(({ tensor }) => tensor)];
    const nothing = tf.scalar(0);
    const gradients = gradientsOf(forward, xs.length > 0 ? xs : [nothing]).gradients.map((gradient) =>
      gradient ? block(gradient) : undefined,
    );
    return {
      outputs,
      inputGradients: gradients.slice(0, real.length),
      weightGradients: Object.fromEntries(
        live.map(({ layer, spec: { name } }, i) => [`${layer}/${name}`, gradients[real.length + i]]),
      ),
      taps: recorder.result(),
      notMeasured: left,
    };
  });
}

/** Runs and disposes of every tensor made. */
export function backendScope<T>(body: () => T): T {
  const engine = tf.engine();
  engine.startScope();
  try {
    return body();
  } finally {
    forgetTaps();
    engine.endScope();
  }
}

/** ‖a − b‖ / ‖b‖ over all values (‖a − b‖ where b is next to nothing; Infinity when the sizes differ). */
export function relativeError(a: Float32Array | undefined, b: Float32Array): number {
  let difference = 0;
  let norm = 0;
  if (a !== undefined && a.length !== b.length) return Infinity;
  b.forEach((value, i) => {
    difference += ((a?.[i] ?? 0) - value) ** 2;
    norm += value ** 2;
  });
  return norm < 1e-8 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}
