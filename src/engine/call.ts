import type * as tf from '@tensorflow/tfjs-core';
import type { ActivationSpec } from '../model/activations/activation.ts';
import { activationKind } from '../model/activations/catalogue.ts';
import type { Quantity } from '../model/measurement.ts';
import { InputError } from '../model/problem.ts';
import type { LayerSpec, NodeSpec, TensorRef } from '../model/spec.ts';
import { applyActivation } from './activations/activate.ts';
import type { Value, Values } from './execute.ts';
import { FORWARDS } from './layers/forwards.ts';
import type { InnerOptions, LayerCall, TapOptions } from './layers/forward.ts';
import type { Logits } from './losses.ts';
import { plus } from './plus.ts';
import type { Recorder, TapRequest } from './recorder.ts';
import { softmaxSaturation } from './softmaxSaturation.ts';
import type { FlatPart } from './statistics.ts';
import type { Weights } from './weights.ts';

/** What all nodes of one pass share. */
export interface RunContext {
  readonly batch: number;
  readonly semantics: string;
  readonly weights: Weights;
  readonly recorder: Recorder;
  view(tensor: tf.TensorInfo): Float32Array;
  layer(id: string): LayerSpec;
  /** Called as each layer starts; throws an AbortError when the measurement was cancelled. */
  enter(layer: string): void;
  /** Why this layer's weights could not be made, if so. */
  refusal(layer: LayerSpec): string | undefined;
  notMeasured(layer: string, reason: string): void;
  /** N(0,1) that belongs to `name` and this seed. */
  random(name: string, shape: readonly number[]): tf.Tensor;
  tapInput(node: NodeSpec, layer: LayerSpec, tensor: tf.Tensor): tf.Tensor;
}

/** Kinds whose output is not their activation's: products with gates. */
const GATED = new Set(['lstm', 'gru', 'convLstm']);

/** What a call states beside its outputs. */
export interface CallState {
  mask?: tf.Tensor | undefined;
  logits?: Logits;
}

/** A call that the executor can finish: it taps outputs as well. */
export interface OpenCall extends LayerCall {
  tapOutput(output: tf.Tensor, index: number, unitAxis: number): tf.Tensor;
}

function isRef(value: unknown): value is TensorRef {
  return typeof value === 'object' && value !== null && 'node' in value && 'output' in value;
}

/** The flat part of an activation on the pre-activation or on the output. */
function flatOf(activation: ActivationSpec | undefined, on: 'pre' | 'post'): FlatPart | undefined {
  const flat = activation === undefined ? undefined : activationKind(activation.id).flat;
  return flat?.on === on ? flat : undefined;
}

/** Where a wrapped layer's weights and taps belong. */
interface Wrapper {
  readonly owner: LayerSpec;
  /** Of weight names: `forward/`, `layer/` … */
  readonly prefix: string;
  readonly options: InnerOptions;
}

/** The call of one layer at one node. */
export function createCall(
  layer: LayerSpec,
  node: NodeSpec,
  inputs: readonly Value[],
  values: Values,
  run: RunContext,
  state: CallState,
  wrapper?: Wrapper,
): OpenCall {
  const { recorder, weights } = run;
  const only = layer.inner?.length === 1 ? layer.inner[0] : undefined;
  const activation = layer.activation ?? only?.activation;
  const owner = wrapper?.owner ?? layer;
  const prefix = wrapper?.prefix ?? '';
  const weightOf = (name: string): tf.Tensor | undefined =>
    wrapper?.options.weights?.[prefix + name] ?? weights.of(owner.id, prefix + name)?.tensor;
  const family = activation === undefined ? undefined : activationKind(activation.id).family;
  const unitAxis = layer.config['dataFormat'] === 'channelsFirst' ? 1 : -1;
  let bias: tf.Tensor | undefined;
  const inputRms = inputs[0] === undefined ? undefined : recorder.rms(inputs[0].tensor);

  const request = (quantity: Quantity, options: TapOptions = {}): TapRequest => {
    const own = GATED.has(layer.kind) ? undefined : activation;
    const judged = quantity === 'preActivation' || quantity === 'activation' ? own : options.activation;
    const name =
      [wrapper?.options.name, options.name].filter((part) => part !== undefined).join(' ') || undefined;
    const flat = flatOf(judged, quantity === 'preActivation' ? 'pre' : 'post');
    return {
      node: node.id,
      layer: owner.id,
      quantity,
      batch: run.batch,
      ...(name === undefined ? {} : { name }),
      unitAxis: options.unitAxis ?? unitAxis,
      ...(flat === undefined ? {} : { flat }),
      rectifier: family === 'rectifier' && quantity === 'activation',
      wantsShares:
        quantity === 'activation' &&
        name === undefined &&
        (family === 'rectifier' || (family === 'saturating' && own !== undefined)),
      ...(quantity === 'preActivation' && inputRms !== undefined ? { inputRms } : {}),
      ...(quantity === 'preActivation' && bias !== undefined ? { biasMean: meanOf(run.view(bias)) } : {}),
    };
  };

  const rememberLogits = (z: tf.Tensor): void => {
    const id = activation?.id;
    const last = activation?.params['axis'] === -1 || activation?.params['axis'] === z.rank - 1;
    if (id === 'softmax' && last) state.logits = { kind: 'softmax', z: z };
    if (id === 'sigmoid') state.logits = { kind: 'sigmoid', z: z };
  };

  const call: OpenCall = {
    config: layer.config,
    layer,
    semantics: run.semantics,
    inputs: inputs.map((value) => value.tensor),
    kwargs: node.kwargs ?? {},
    argument: (name) => {
      const given = node.kwargs?.[name];
      return isRef(given) ? values.get(`${given.node} ${given.output}`)?.tensor : undefined;
    },
    mask: (index = 0) => inputs[index]?.mask,
    setMask: (mask) => {
      state.mask = mask;
    },
    weight: (name) => {
      const found = weightOf(name);
      if (found === undefined) throw new RangeError(`the layer has no weight ${prefix}${name}`);
      return found;
    },
    optional: weightOf,
    tap: (quantity, tensor, options) => recorder.tap(tensor, request(quantity, options)),
    watch: (quantity, tensor, options) => recorder.watch(tensor, request(quantity, options)),
    observe: (quantity, tensor, options) => recorder.observe(tensor, request(quantity, options)),
    finish: (z, options = {}) => {
      bias = options.bias ?? undefined;
      const sum = bias === undefined ? z : plus(z, bias);
      const tapped = call.tap('preActivation', sum, options);
      rememberLogits(tapped);
      return applyActivation(tapped, activation);
    },
    activate: (z, spec) => {
      if (spec === activation) rememberLogits(z);
      return applyActivation(z, spec);
    },
    random: (shape) => run.random(node.id, shape),
    within: (inner, tensors, options = {}) => {
      const { mask } = options;
      const fed = tensors.map((tensor): Value => ({
        tensor,
        unitAxis: -1,
        standIn: false,
        ...(mask ? { mask } : {}),
      }));
      const below = { owner, prefix: `${prefix}${inner.name}/`, options };
      return createCall(inner, node, fed, values, run, { mask }, below);
    },
    inner: (inner, tensors, options) => {
      const forward = FORWARDS[inner.kind];
      if (forward === undefined)
        throw new InputError({ message: `the layer kind ${inner.kind} has no forward pass here` });
      const result = forward(call.within(inner, tensors, options));
      return Array.isArray(result) ? (result as tf.Tensor[]) : [result as tf.Tensor];
    },
    tapOutput: (output, index, axis) => {
      if (output.dtype !== 'float32') return output;
      const options = { unitAxis: axis, ...(index === 0 ? {} : { name: `output ${index}` }) };
      const asked = request('activation', options);
      const tapped = recorder.tap(output, asked);
      if (activation?.id === 'softmax' && index === 0)
        recorder.setSaturated(asked, softmaxSaturation(run.view(tapped), output.shape.at(-1) ?? 1));
      return tapped;
    },
  };
  return call;
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
