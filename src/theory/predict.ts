import { LINEAR } from '../model/activations/catalogue.ts';
import type { NodePrediction, Prediction } from '../model/prediction.ts';
import { sameShapes, type Shape } from '../model/shape.ts';
import type { InputSpec, LayerSpec, ModelSpec, NodeSpec } from '../model/spec.ts';
import { graphOf } from '../model/specGraph.ts';
import { trunk } from '../model/trunk.ts';
import { lawOf, withoutLaw } from './catalogue.ts';
import type { Arriving, Propagated } from './law.ts';
import type { Signal } from './signal.ts';
import { UNIT_INPUT } from './signal.ts';
import { weightNeeds } from './needs.ts';

interface Forward {
  readonly node: NodeSpec;
  readonly layer: LayerSpec;
  /** What stands for the data, where the node is an input. */
  readonly source: InputSpec | undefined;
  readonly inputs: readonly (Signal | undefined)[];
  readonly propagated: Propagated;
}

/**
 * What one prediction leaves for the next, of a spec that is read again or changed: what lies before the first changed layer is not
 * propagated again. One memory for the specs of one model, of one semantics.
 */
export interface PredictionMemory {
  forward: ReadonlyMap<string, Forward>;
  trunk: { readonly nodes: ModelSpec['nodes']; readonly ids: ReadonlySet<string> } | undefined;
}

/** A memory of nothing. */
export function predictionMemory(): PredictionMemory {
  return { forward: new Map(), trunk: undefined };
}

function inputSignal(input: InputSpec, node: NodeSpec): Signal {
  if (input.values !== 'ids') {
    const positions = (node.outputs[0]?.length ?? 0) > 2 ? { place: 0, far: 0 } : {};
    const gaussian = { activation: LINEAR, mean: 0, variance: 1, correlation: 0, places: 0, far: 0 };
    return { ...UNIT_INPUT, ...positions, gaussian };
  }
  const top = (input.vocabulary ?? 2) - 1;
  const mean = top / 2;
  const square = mean * mean;
  return {
    mean,
    second: (top * (2 * top + 1)) / 6,
    cross: square,
    unit: square,
    unitCross: square,
    logVariance: 0,
  };
}

/** Runs one node's law, or says why there is none. */
function forwardOf(
  spec: ModelSpec,
  node: NodeSpec,
  layer: LayerSpec | undefined,
  source: InputSpec | undefined,
  inputs: readonly (Signal | undefined)[],
  shapes: readonly Shape[],
): Propagated | string {
  if (layer === undefined) return 'its layer is not in the file';
  if (source !== undefined)
    return { outputs: [inputSignal(source, node)], back: ({ energy }) => ({ own: energy, inputs: [] }) };
  const known = inputs.filter((signal): signal is Signal => signal !== undefined);
  if (known.length < inputs.length) return 'it follows a layer without a law';
  const law = lawOf(layer.kind);
  if (law === undefined) return withoutLaw(layer.kind) ?? '';
  try {
    return law({ spec, layer, node, inputs: known, inputShapes: shapes });
  } catch (error) {
    return error instanceof Error ? error.message : 'its weights have no law';
  }
}

/** Squared gradients per sample at every node, from 1 at each output's last pre-activation back; unknown where no law is known. */
function backward(spec: ModelSpec, forward: ReadonlyMap<string, Forward>): ReadonlyMap<string, number> {
  const arriving = new Map<string, Arriving>();
  const unknown = new Set<string>();
  const own = new Map<string, number>();
  const add = (id: string, next: Arriving): void => {
    const known = arriving.get(id);
    if (known === undefined) arriving.set(id, next);
    else arriving.set(id, { energy: known.energy + next.energy });
  };
  for (const { ref } of spec.outputs) add(ref.node, { energy: 1, atPreActivation: true });
  for (const node of spec.nodes.toReversed()) {
    const step = forward.get(node.id);
    const gradient = arriving.get(node.id);
    if (gradient === undefined && !unknown.has(node.id)) continue;
    const sent =
      gradient === undefined || step === undefined || unknown.has(node.id)
        ? undefined
        : step.propagated.back(gradient);
    if (sent !== undefined) own.set(node.id, sent.own);
    for (const [index, ref] of node.inputs.entries()) {
      const back = sent?.inputs[index];
      if (back === undefined) unknown.add(ref.node);
      else if (back.energy > 0 || !arriving.has(ref.node)) add(ref.node, back);
    }
  }
  return own;
}

function describe(step: Forward, gradient: number | undefined): NodePrediction | undefined {
  const { pre, outputs, zeros, saturated } = step.propagated;
  const [output] = outputs;
  if (output === undefined || !Number.isFinite(output.second)) return undefined;
  return {
    node: step.node.id,
    layer: step.layer.id,
    ...(pre === undefined ? {} : { preActivation: pre.second }),
    mean: output.mean,
    secondMoment: output.second,
    dataVariance: Math.max(0, output.second - (output.far ?? output.cross)),
    ...(gradient === undefined || !Number.isFinite(gradient) ? {} : { gradient }),
    ...(zeros === undefined ? {} : { zeros }),
    ...(saturated === undefined ? {} : { saturated }),
    ...(output.second > 0 ? { cosine: Math.max(-1, Math.min(1, output.cross / output.second)) } : {}),
    sdLog: 0.5 * Math.sqrt(output.logVariance),
    biasLog: -0.25 * output.logVariance,
  };
}

/** The last weighted node of the trunk, whose gradient is the unit of all others. */
function lastWeighted(
  spec: ModelSpec,
  gradients: ReadonlyMap<string, number>,
  onTrunk: ReadonlySet<string>,
): number {
  const layers = graphOf(spec).layers;
  for (const node of spec.nodes.toReversed()) {
    const kernel = layers.get(node.layer)?.weights.some((weight) => weight.part === 'kernel');
    const gradient = gradients.get(node.id);
    if (onTrunk.has(node.id) && kernel === true && gradient !== undefined && gradient > 0) return gradient;
  }
  return 1;
}

/** All that laws look at in a layer: its place in the file may be another. */
function sameLayer(before: LayerSpec, layer: LayerSpec): boolean {
  const { kind, config, weights, activation, inner } = layer;
  return (
    before === layer ||
    (before.kind === kind &&
      before.config === config &&
      before.weights === weights &&
      before.activation === activation &&
      before.inner === inner)
  );
}

function sameNode(before: NodeSpec, node: NodeSpec): boolean {
  if (before === node) return true;
  const plain = before.kwargs === undefined && node.kwargs === undefined;
  return plain && sameShapes(before.outputs, node.outputs);
}

/** The step of a node as the last prediction made it; undefined when its layer or what it takes has changed. */
function remembered(
  memory: PredictionMemory | undefined,
  node: NodeSpec,
  layer: LayerSpec | undefined,
  source: InputSpec | undefined,
  inputs: readonly (Signal | undefined)[],
): Forward | undefined {
  const before = memory?.forward.get(node.id);
  if (before === undefined || layer === undefined || !sameLayer(before.layer, layer)) return undefined;
  if (!sameNode(before.node, node) || before.inputs.length !== inputs.length) return undefined;
  if (before.source?.values !== source?.values || before.source?.vocabulary !== source?.vocabulary)
    return undefined;
  return before.inputs.every((signal, index) => signal === inputs[index]) ? before : undefined;
}

/** The nodes of `predict`, without the needs of weights; quicker with the memory of an earlier one of the same graph. */
export function predictNodes(
  spec: ModelSpec,
  memory?: PredictionMemory,
): Pick<Prediction, 'nodes' | 'unpredicted'> {
  const layers = graphOf(spec).layers;
  const sources = new Map(spec.inputs.map((input) => [input.node, input]));
  const forward = new Map<string, Forward>();
  const unpredicted: { node: string; reason: string }[] = [];
  for (const node of spec.nodes) {
    const layer = layers.get(node.layer);
    const from = node.inputs.map((ref) => forward.get(ref.node));
    const inputs = node.inputs.map((ref, at) => from[at]?.propagated.outputs[ref.output]);
    const source = node.inputs.length === 0 ? sources.get(node.id) : undefined;
    const known = remembered(memory, node, layer, source, inputs);
    const shapesIn = (): readonly Shape[] =>
      node.inputs.map((ref, at) => from[at]?.node.outputs[ref.output] ?? []);
    const propagated = known?.propagated ?? forwardOf(spec, node, layer, source, inputs, shapesIn());
    if (typeof propagated === 'string' || layer === undefined) {
      unpredicted.push({ node: node.id, reason: String(propagated) });
      continue;
    }
    forward.set(node.id, { node, layer, source, inputs, propagated });
  }
  const gradients = backward(spec, forward);
  const known = memory?.trunk;
  const onTrunk = known?.nodes === spec.nodes ? known.ids : trunk(spec);
  if (memory !== undefined) Object.assign(memory, { forward, trunk: { nodes: spec.nodes, ids: onTrunk } });
  const unit = lastWeighted(spec, gradients, onTrunk);
  const nodes: Record<string, NodePrediction> = Object.create(null) as Record<string, NodePrediction>;
  for (const [id, step] of forward) {
    const gradient = gradients.get(id);
    const prediction = describe(step, gradient === undefined ? undefined : gradient / unit);
    if (prediction === undefined) unpredicted.push({ node: id, reason: 'its moments are not finite' });
    else nodes[id] = prediction;
  }
  return { nodes, unpredicted };
}

/**
 * Mean-field moments of every node, forward and backward, over weights and N(0,1) data (uniform ids for embeddings); no
 * tensors. Layers without a law, and what depends on them, are named in `unpredicted`. Quicker with the memory of an earlier reading.
 */
export function predict(spec: ModelSpec, memory?: PredictionMemory): Prediction {
  return { ...predictNodes(spec, memory), weights: weightNeeds(spec) };
}
