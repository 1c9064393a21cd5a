import { layerKind } from '../model/layers/catalogue.ts';
import type { WorkSize } from '../model/plan.ts';
import { sampleSize, withBatch } from '../model/shape.ts';
import type { Shape } from '../model/shape.ts';
import type { ModelSpec } from '../model/spec.ts';

/** Work of one sample, counted from the graph; the batch multiplies it. */
export interface SampleWork {
  readonly parameters: number;
  /** Multiply-adds of one sample, forward. */
  readonly multiplyAdds: number;
  /** Values of one sample that are kept for the backward pass: pre-activations and outputs. */
  readonly values: number;
}

function known(shape: Shape): boolean {
  return shape.slice(1).every((size) => size !== null);
}

/** Multiply-adds and kept values of one sample; nodes of unknown size count as nothing. */
export function sampleWork(spec: ModelSpec): SampleWork {
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  const shapes = new Map(spec.nodes.map((node) => [node.id, node.outputs]));
  let multiplyAdds = 0;
  let values = 0;
  for (const node of spec.nodes) {
    const layer = layers.get(node.layer);
    if (layer === undefined || !node.outputs.every(known)) continue;
    const outputs = node.outputs.reduce((sum, shape) => sum + sampleSize(shape), 0);
    const kind = layerKind(layer.kind);
    values += kind.signal === 'shape' ? 0 : outputs * (layer.activation === undefined ? 1 : 2);
    const inputs = node.inputs.map(({ node: from, output }) => shapes.get(from)?.[output] ?? []);
    if (inputs.every(known)) multiplyAdds += kind.multiplyAdds(layer.config, inputs);
  }
  return { parameters: spec.parameters.total, multiplyAdds, values };
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
