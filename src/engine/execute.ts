import * as tf from '@tensorflow/tfjs-core';
import { layerKind } from '../model/layers/catalogue.ts';
import { InputError } from '../model/problem.ts';
import { withBatch } from '../model/shape.ts';
import type { LayerSpec, ModelSpec, NodeSpec, TensorRef } from '../model/spec.ts';
import { createCall, type CallState, type RunContext } from './call.ts';
import type { Logits } from './losses.ts';
import { carriedMask } from './masks.ts';
import { FORWARDS } from './layers/forwards.ts';

/** One output of a node as later nodes see it. */
export interface Value {
  readonly tensor: tf.Tensor;
  readonly unitAxis: number;
  readonly mask?: tf.Tensor;
  readonly logits?: Logits;
  /** A random stand-in for what could not be run. */
  readonly standIn: boolean;
}

/** The values of every node output that could be made, by `node:output`. */
export type Values = ReadonlyMap<string, Value>;

/** Key of a tensor reference in `Values`. */
export function valueKey({ node, output }: TensorRef): string {
  return `${node} ${output}`;
}

function axisFor(layer: LayerSpec, inputs: readonly Value[], output: tf.Tensor): number {
  const { dataFormat, axis } = layer.config;
  if (dataFormat === 'channelsFirst' && output.rank > 2) return 1;
  if (typeof axis === 'number' && layerKind(layer.kind).signal === 'norm') return axis;
  const first = inputs[0];
  if (dataFormat !== undefined || first?.tensor.rank !== output.rank) return -1;
  return first.unitAxis;
}

/** What stands in for a node that cannot be run: N(0,1) of its declared shapes, or the reason why there is nothing. */
function standIns(node: NodeSpec, run: RunContext): Value[] | string {
  if (node.outputs.length === 0) return 'its output shape is unknown';
  try {
    return node.outputs.map((shape, output) => ({
      tensor: run.random(`${node.id} ${output}`, withBatch(shape, run.batch)),
      unitAxis: -1,
      standIn: true,
    }));
  } catch {
    return 'its output shape is unknown';
  }
}

/** Runs one node; returns its outputs. Everything else it made is disposed of, the mask and logits it states are kept. */
function runNode(
  node: NodeSpec,
  layer: LayerSpec,
  inputs: readonly Value[],
  values: Values,
  run: RunContext,
): Value[] {
  const forward = Object.hasOwn(FORWARDS, layer.kind) ? FORWARDS[layer.kind] : undefined;
  if (forward === undefined)
    throw new InputError({ message: `the layer kind ${layer.kind} has no forward pass here` });
  const state: CallState = {};
  const made = tf.tidy(() => {
    state.mask = carriedMask(layer, inputs, run.semantics);
    const call = createCall(layer, node, inputs, values, run, state);
    const result = forward(call);
    const outputs = Array.isArray(result) ? (result as tf.Tensor[]) : [result as tf.Tensor];
    const tapped = outputs.map((output, index) =>
      call.tapOutput(output, index, axisFor(layer, inputs, output)),
    );
    return { tapped, mask: state.mask, z: state.logits?.z };
  });
  return made.tapped.map((tensor) => ({
    tensor,
    unitAxis: axisFor(layer, inputs, tensor),
    standIn: false,
    ...(state.mask === undefined ? {} : { mask: state.mask }),
    ...(state.logits === undefined ? {} : { logits: state.logits }),
  }));
}

/**
 * Runs the graph in order on tfjs ops. A node that cannot be run (opaque, no forward, a weight that cannot be drawn) is named, and N(0,1) of its
 * declared shape stands in for its output, so that what follows is measured; without a known shape what follows is left out too.
 */
export function runGraph(spec: ModelSpec, inputs: ReadonlyMap<string, tf.Tensor>, run: RunContext): Values {
  const values = new Map<string, Value>();
  const set = (node: NodeSpec, outputs: readonly Value[]) =>
    outputs.forEach((value, output) => values.set(valueKey({ node: node.id, output }), value));
  for (const node of spec.nodes) {
    const layer = run.layer(node.layer);
    run.enter(layer.id);
    const input = inputs.get(node.id);
    if (input !== undefined) {
      set(node, [{ tensor: run.tapInput(node, layer, input), unitAxis: -1, standIn: false }]);
      continue;
    }
    const missing = node.inputs.find((ref) => !values.has(valueKey(ref)));
    let reason =
      missing === undefined
        ? (layer.opaque ?? run.refusal(layer))
        : `it depends on ${missing.node}, which is not measured`;
    if (reason === undefined) {
      try {
        set(
          node,
          runNode(
            node,
            layer,
            node.inputs.map((ref) => values.get(valueKey(ref))!),
            values,
            run,
          ),
        );
        continue;
      } catch (error) {
        if (!(error instanceof Error) || error.name === 'AbortError') throw error;
        reason = error.message.split('\n')[0]!;
      }
    }
    const replacement = standIns(node, run);
    if (typeof replacement === 'string')
      run.notMeasured(layer.id, `${reason}; ${replacement}, so nothing after it is measured`);
    else {
      run.notMeasured(layer.id, `${reason}; what follows is measured on N(0,1) in its place`);
      set(node, replacement);
    }
  }
  return values;
}
