import * as tf from '@tensorflow/tfjs-core';
import { detach } from '../sharedIdentity.ts';
import type { OperationConfig, SliceSpec } from '../../model/layers/operation.ts';
import { einsum } from './einsum.ts';
import type { Forward } from './forward.ts';
import { positiveAxes } from './layerNorm.ts';
import { ofRank } from './merge.ts';
import { range } from './spatial.ts';
import { repeat } from './upSampling.ts';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
type Unary = (x: tf.Tensor, values: OperationConfig['values']) => tf.Tensor;
type Reduction = (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor;

/** A bool tensor as numbers of its own: on the cpu backend a cast alone shares the bytes. */
const asNumbers = (x: tf.Tensor): tf.Tensor => tf.mul(tf.cast(x, 'float32'), 1);

/** 1 where it holds and 0 elsewhere; a comparison has no gradient. */
function compare(test: Binary): Binary {
  return (a, b) => asNumbers(test(detach(a), detach(b)));
}

const truth = (x: tf.Tensor): tf.Tensor => asNumbers(tf.notEqual(detach(x), 0));

const BINARY: Readonly<Record<string, Binary>> = {
  divide: (a, b) => tf.div(a, b),
  power: (a, b) => tf.pow(a, b),
  maximum: (a, b) => tf.maximum(a, b),
  minimum: (a, b) => tf.minimum(a, b),
  mod: (a, b) => tf.mod(a, b),
  floorDivide: (a, b) => tf.floor(tf.div(detach(a), detach(b))),
  squaredDifference: (a, b) => tf.squaredDifference(a, b),
  greater: compare((a, b) => tf.greater(a, b)),
  greaterEqual: compare((a, b) => tf.greaterEqual(a, b)),
  less: compare((a, b) => tf.less(a, b)),
  lessEqual: compare((a, b) => tf.lessEqual(a, b)),
  equal: compare((a, b) => tf.equal(a, b)),
  notEqual: compare((a, b) => tf.notEqual(a, b)),
  logicalAnd: compare((a, b) => tf.minimum(truth(a), truth(b))),
  logicalOr: compare((a, b) => tf.maximum(truth(a), truth(b))),
};

const UNARY: Readonly<Record<string, Unary>> = {
  sqrt: (x) => tf.sqrt(x),
  rsqrt: (x) => tf.rsqrt(x),
  log: (x) => tf.log(x),
  negative: (x) => tf.neg(x),
  reciprocal: (x) => tf.reciprocal(x),
  sign: (x) => tf.sign(x),
  log1p: (x) => tf.log1p(x),
  expm1: (x) => tf.expm1(x),
  tan: (x) => tf.tan(x),
  sinh: (x) => tf.sinh(x),
  cosh: (x) => tf.cosh(x),
  erf: (x) => tf.erf(x),
  floor: (x) => tf.floor(x),
  ceil: (x) => tf.ceil(x),
  round: (x) => tf.round(x),
  clip: (x, [low, high]) => tf.clipByValue(x, low ?? -Infinity, high ?? Infinity),
  stopGradient: (x) => detach(x),
  logicalNot: (x) => tf.sub(1, truth(x)),
  zerosLike: (x) => tf.zerosLike(x),
  onesLike: (x) => tf.onesLike(x),
};

function variance(x: tf.Tensor, axes: number[], keep: boolean): tf.Tensor {
  return tf.mean(tf.square(tf.sub(x, tf.mean(x, axes, true))), axes, keep);
}

/** Axis by axis, factor by factor: tfjs's gradient of products needs chained operations. */
function product(x: tf.Tensor, axes: number[], keep: boolean): tf.Tensor {
  const multiplied = axes.reduce((all, axis) => {
    const [first, ...rest] = tf.split(all, all.shape[axis]!, axis);
    return rest.reduce((so, next) => tf.mul(so, next), first!);
  }, x);
  return keep ? multiplied : tf.squeeze(multiplied, axes);
}

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  mean: (x, axes, keep) => tf.mean(x, axes, keep),
  sum: (x, axes, keep) => tf.sum(x, axes, keep),
  max: (x, axes, keep) => tf.max(x, axes, keep),
  min: (x, axes, keep) => tf.min(x, axes, keep),
  product: (x, axes, keep) => product(x, axes, keep),
  variance: (x, axes, keep) => variance(x, axes, keep),
  deviation: (x, axes, keep) => tf.sqrt(variance(x, axes, keep)),
  logSumExp: (x, axes, keep) => tf.logSumExp(x, axes, keep),
  any: (x, axes, keep) => tf.max(truth(x), axes, keep),
  all: (x, axes, keep) => tf.min(truth(x), axes, keep),
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

/** Running sums along an axis, by way of the last one: tfjs's gradient along another comes out transposed. */
function summedUp(x: tf.Tensor, axis: number): tf.Tensor {
  const ends = [axis, x.rank - 1];
  return swapped(tf.cumsum(swapped(x, ends), x.rank - 1), ends);
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
    case 'flip':
      return tf.reverse(x, positiveAxes(axes, x.rank));
    case 'cumsum':
      return summedUp(x, positiveAxes(axes, x.rank)[0]!);
    case 'repeat':
      return repeat(x, positiveAxes(axes, x.rank)[0]!, config.values[0] ?? 1);
    case 'tile': {
      const before = new Array<number>(x.rank - config.values.length).fill(1);
      return tf.tile(x, [...before, ...config.values.map((times) => times ?? 1)]);
    }
    case 'where': {
      const tensors = [...inputs];
      const [test, yes, no] = config.values.map((value) =>
        value === null ? tensors.shift()! : tf.scalar(value),
      );
      return tf.add(tf.mul(truth(test!), yes!), tf.mul(tf.sub(1, truth(test!)), no!));
    }
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
  if (unary !== undefined) return unary(inputs[0]!, config.values);
  const reduction = REDUCTIONS[config.op];
  if (reduction === undefined) return other(inputs, config);
  const { rank } = inputs[0]!;
  return reduction(inputs[0]!, positiveAxes(config.axes ?? range(1, rank), rank), config.keepDims);
};
