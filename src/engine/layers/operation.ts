import * as tf from '@tensorflow/tfjs-core';
import type { OperationConfig, SliceSpec } from '../../model/layers/operation.ts';
import { einsum } from './einsum.ts';
import type { Forward } from './forward.ts';
import { positiveAxes } from './layerNorm.ts';
import { ofRank } from './merge.ts';
import { range } from './spatial.ts';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
type Unary = (x: tf.Tensor) => tf.Tensor;
type Reduction = (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor;

const BINARY: Readonly<Record<string, Binary>> = {
  divide: (a, b) => tf.div(a, b),
  power: (a, b) => tf.pow(a, b),
  maximum: (a, b) => tf.maximum(a, b),
  minimum: (a, b) => tf.minimum(a, b),
};

const UNARY: Readonly<Record<string, Unary>> = {
  sqrt: (x) => tf.sqrt(x),
  rsqrt: (x) => tf.rsqrt(x),
  log: (x) => tf.log(x),
  negative: (x) => tf.neg(x),
  reciprocal: (x) => tf.reciprocal(x),
  sign: (x) => tf.sign(x),
};

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  mean: (x, axes, keep) => tf.mean(x, axes, keep),
  sum: (x, axes, keep) => tf.sum(x, axes, keep),
  max: (x, axes, keep) => tf.max(x, axes, keep),
  min: (x, axes, keep) => tf.min(x, axes, keep),
};

/** Places along one axis that a slice keeps. */
function placesOf(spec: SliceSpec, size: number): number[] {
  if ('index' in spec) return [spec.index < 0 ? spec.index + size : spec.index];
  const place = (value: number): number => Math.min(size, Math.max(0, value < 0 ? value + size : value));
  const [start, stop, step] = [place(spec.start ?? 0), place(spec.stop ?? size), spec.step ?? 1];
  return range(start, stop).filter((at) => (at - start) % step === 0);
}

function sliced(x: tf.Tensor, slices: readonly SliceSpec[]): tf.Tensor {
  const gone: number[] = [];
  const cut = slices.reduce<tf.Tensor>((y, spec, axis) => {
    if (axis === 0) return y;
    if ('index' in spec) gone.push(axis);
    const places = placesOf(spec, y.shape[axis]!);
    if (places.length === y.shape[axis]) return y;
    const together = places.every((place, i) => place === places[0]! + i);
    if (!together) return tf.gather(y, tf.tensor1d(places, 'int32'), axis);
    const begin = y.shape.map((_size, i) => (i === axis ? (places[0] ?? 0) : 0));
    return tf.slice(
      y,
      begin,
      y.shape.map((size, i) => (i === axis ? places.length : size)),
    );
  }, x);
  return gone.length === 0 ? cut : tf.squeeze(cut, gone);
}

function swapped(x: tf.Tensor, [a, b]: readonly number[]): tf.Tensor {
  const order = range(0, x.rank);
  [order[a!], order[b!]] = [b!, a!];
  return tf.transpose(x, order);
}

/** Operations on shapes and products. */
function other(inputs: readonly tf.Tensor[], config: OperationConfig): tf.Tensor | tf.Tensor[] {
  const [x, y] = inputs as [tf.Tensor, tf.Tensor?];
  const axes = config.axes ?? [-1];
  const inserted = axes[0]! < 0 ? axes[0]! + x.rank + 1 : axes[0]!;
  const op: string = config.op;
  switch (op) {
    case 'expandDims':
      return tf.expandDims(x, inserted);
    case 'squeeze': {
      const chosen = config.axes === null ? range(1, x.rank) : positiveAxes(config.axes, x.rank);
      return tf.squeeze(
        x,
        chosen.filter((axis) => x.shape[axis] === 1),
      );
    }
    case 'stack':
      return tf.stack([...inputs], inserted);
    case 'split':
      return tf.split(x, config.sections, positiveAxes(axes, x.rank)[0]);
    case 'swapAxes':
      return swapped(x, positiveAxes(axes, x.rank));
    case 'pad':
      return tf.pad(
        x,
        x.shape.map(
          (_size, axis): [number, number] => [...(config.pads[axis] ?? [0, 0])] as [number, number],
        ),
      );
    case 'slice':
      return sliced(x, config.slices);
    case 'matmul':
      return tf.matMul(x, y!);
    case 'einsum':
      return einsum(config.equation, x, y!);
    default:
      throw new RangeError(`the operation ${op} has no forward pass here`);
  }
}

/** One tensor operation of a functional model. */
export const operation: Forward<OperationConfig> = (call) => {
  const { config, inputs } = call;
  const binary = BINARY[config.op];
  if (binary !== undefined) {
    const rank = Math.max(...inputs.map((x) => x.rank));
    const operands = inputs.map((x) => ofRank(x, rank));
    if (config.constant === null) return operands.slice(1).reduce(binary, operands[0]!);
    const constant = tf.scalar(config.constant);
    return config.constantFirst ? binary(constant, operands[0]!) : binary(operands[0]!, constant);
  }
  const unary = UNARY[config.op];
  if (unary !== undefined) return unary(inputs[0]!);
  const reduction = REDUCTIONS[config.op];
  if (reduction === undefined) return other(inputs, config);
  const { rank } = inputs[0]!;
  return reduction(inputs[0]!, positiveAxes(config.axes ?? range(1, rank), rank), config.keepDims);
};
