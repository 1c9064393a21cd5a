import { layerKind } from '../model/layers/catalogue.ts';
import { FUSED_ACTIVATIONS } from '../model/layers/recurrent.ts';
import { InputError } from '../model/problem.ts';
import type { WorkSize } from '../model/plan.ts';
import { sampleSize, withBatch } from '../model/shape.ts';
import type { Shape } from '../model/shape.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../model/spec.ts';

/** Work of one sample, counted from the graph; the batch multiplies it. */
export interface SampleWork {
  readonly parameters: number;
  /** Multiply-adds of one sample, forward. */
  readonly multiplyAdds: number;
  /** Values of one sample that are kept for the backward pass: pre-activations and outputs. */
  readonly values: number;
  /** Values of one sample that live at once: those, and what autodiff keeps inside layers of many operations. */
  readonly kept: number;
  /** Bytes that the kernel which needs most of them takes while it runs, whatever the batch. */
  readonly scratch: number;
}

/**
 * Values a step and unit that a recurrence keeps and needs on the way, beside its output: over the whole sequence in one operation, and operation by operation, where
 * the kernels lack an activation of the cell (tests/reference/workEstimate.test.ts measures them).
 */
const KEPT_PER_STEP: Readonly<Record<string, readonly [fused: number, unrolled: number]>> = {
  lstm: [11, 23],
  gru: [10, 21],
  simpleRnn: [6, 7],
  convLstm: [25, 25],
  rnn: [11, 23],
  bidirectional: [11, 23],
};

/** Whether a recurrence, or a cell inside it, has an activation that the kernels lack. */
function isUnrolled({ activation, config, inner = [] }: LayerSpec): boolean {
  const gate = config['recurrentActivation'] as { readonly id?: string } | undefined;
  const ids = [activation?.id, gate?.id];
  return ids.some((id) => id !== undefined && !FUSED_ACTIVATIONS.includes(id)) || inner.some(isUnrolled);
}

/** Projections of an attention with their biases, transposed heads and products, in units of its output. */
const KEPT_BY_ATTENTION = 12;

/** What autodiff keeps inside a layer beside its pre-activation and output. */
function keptInside(layer: LayerSpec, outputs: number, output: Shape, input: Shape): number {
  const perStep = KEPT_PER_STEP[layer.kind];
  const steps = input[1] ?? 1;
  if (perStep !== undefined) {
    const isSequence = output.length === input.length;
    return perStep[isUnrolled(layer) ? 1 : 0] * (isSequence ? outputs : outputs * steps);
  }
  const { heads } = layer.config;
  if (typeof heads === 'number') return KEPT_BY_ATTENTION * outputs + 4 * heads * steps * steps;
  return 0;
}

/** Tiles that a 3 × 3 convolution transforms at a time, the fewest channels with which it does, and the bytes beyond which it does not (docs/kernels.md). */
const TILES = { atATime: 128, fewestChannels: 24, mostBytes: 64 * 2 ** 20 };

/** Bytes of the transformed filter and tiles of a weight that 3 × 3 convolutions go through tiles with, else 0. */
function scratchOf({ part, shape }: WeightSpec): number {
  const [height, width, ci = 0, co = 0] = shape;
  const isTiled = part === 'kernel' && shape.length === 4 && height === 3 && width === 3;
  if (!isTiled || Math.min(ci, co) < TILES.fewestChannels || ci % 4 !== 0 || co % 4 !== 0) return 0;
  const bytes = 4 * 16 * (ci * co + TILES.atATime * (ci + co));
  return bytes > TILES.mostBytes ? 0 : bytes;
}

function mostScratch(layers: readonly LayerSpec[]): number {
  return layers.reduce(
    (most, { weights, inner = [] }) => Math.max(most, mostScratch(inner), ...weights.map(scratchOf)),
    0,
  );
}

function known(shape: Shape): boolean {
  return shape.slice(1).every((size) => size !== null);
}

/** The work where the shapes allow it: a pass that was watched reshapes between nodes, and draws on tensors of its own (positions). */
function orNothing(work: () => number): number {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return 0;
    throw error;
  }
}

/** Multiply-adds and kept values of one sample; nodes of unknown size count as nothing, and so do those of a watched pass whose inputs no node gave. */
export function sampleWork(spec: ModelSpec): SampleWork {
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  const shapes = new Map(spec.nodes.map((node) => [node.id, node.outputs]));
  let multiplyAdds = 0;
  let values = 0;
  let inside = 0;
  for (const node of spec.nodes) {
    const layer = layers.get(node.layer);
    if (layer === undefined || !node.outputs.every(known)) continue;
    const outputs = node.outputs.reduce((sum, shape) => sum + sampleSize(shape), 0);
    const kind = layerKind(layer.kind);
    values += kind.signal === 'shape' ? 0 : outputs * (layer.activation === undefined ? 1 : 2);
    const inputs = node.inputs.map(({ node: from, output }) => shapes.get(from)?.[output] ?? []);
    if (!inputs.every(known)) continue;
    const work = () => kind.multiplyAdds(layer.config, inputs, node.kwargs);
    multiplyAdds += spec.executable ? work() : orNothing(work);
    inside += keptInside(layer, outputs, node.outputs[0] ?? [], inputs[0] ?? []);
  }
  const kept = values + inside;
  return { parameters: spec.parameters.total, multiplyAdds, values, kept, scratch: mostScratch(spec.layers) };
}

/** Counted work of a forward and backward pass at this batch. */
export function workSize(work: SampleWork, batch: number): WorkSize {
  return {
    parameters: work.parameters,
    multiplyAdds: work.multiplyAdds * batch,
    bytes: 4 * (work.parameters + work.values * batch),
  };
}

/** Concrete input shapes by input name. Throws a RangeError when a size is unknown. */
export function inputShapes(spec: ModelSpec, batch: number): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(spec.inputs.map(({ name, shape }) => [name, withBatch(shape, batch)]));
}
