import * as tf from '@tensorflow/tfjs-core';
import { detach } from '../sharedIdentity.ts';
import type { OperationConfig } from '../../model/layers/operation.ts';
import { quantile } from './operationOrder.ts';
import { range } from './spatial.ts';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
type Unary = (x: tf.Tensor, values: OperationConfig['values']) => tf.Tensor;
type Reduction = (
  x: tf.Tensor,
  axes: number[],
  keepDims: boolean,
  values: OperationConfig['values'],
) => tf.Tensor;

/** A bool tensor as numbers of its own: on the cpu backend a cast alone shares the bytes. */
const asNumbers = (x: tf.Tensor): tf.Tensor => tf.mul(tf.cast(x, 'float32'), 1);

/** 1 where it holds and 0 elsewhere; a comparison has no gradient. */
function compare(test: Binary): Binary {
  return (a, b) => asNumbers(test(detach(a), detach(b)));
}

/** 1 where a value is not zero. */
export const truth = (x: tf.Tensor): tf.Tensor => asNumbers(tf.notEqual(detach(x), 0));

/** Operations of two tensors, by name. */
export const BINARY: Readonly<Record<string, Binary>> = {
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
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
  logicalXor: compare((a, b) => tf.notEqual(truth(a), truth(b))),
  logAddExp: (a, b) => tf.add(tf.maximum(a, b), tf.log1p(tf.exp(tf.neg(tf.abs(tf.sub(a, b)))))),
  hypotenuse: (a, b) => tf.sqrt(tf.add(tf.square(a), tf.square(b))),
  arctan2: (a, b) => tf.atan2(a, b),
  divideNoNan: (a, b) => tf.div(tf.mul(a, truth(b)), tf.add(b, tf.sub(1, truth(b)))),
};

/** Operations of each value alone; `values`: the numbers that the operation takes. */
export const UNARY: Readonly<Record<string, Unary>> = {
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
  log2: (x) => tf.div(tf.log(x), Math.LN2),
  log10: (x) => tf.div(tf.log(x), Math.LN10),
  exp2: (x) => tf.exp(tf.mul(x, Math.LN2)),
  cbrt: (x) => tf.mul(tf.sign(detach(x)), tf.pow(tf.abs(x), 1 / 3)),
  arcsin: (x) => tf.asin(x),
  arccos: (x) => tf.acos(x),
  arcsinh: (x) => tf.asinh(x),
  arccosh: (x) => tf.acosh(x),
  arctanh: (x) => tf.atanh(x),
  trunc: (x) => tf.mul(tf.sign(detach(x)), tf.floor(tf.abs(detach(x)))),
  erfc: (x) => tf.sub(1, tf.erf(x)),
  lowerTriangle: (x, [diagonal]) =>
    tf.mul(
      x,
      triangle(x, (row, column) => column - row <= (diagonal ?? 0)),
    ),
  upperTriangle: (x, [diagonal]) =>
    tf.mul(
      x,
      triangle(x, (row, column) => column - row >= (diagonal ?? 0)),
    ),
};

/** 1 in the places of the last two axes that are kept. */
function triangle(x: tf.Tensor, keeps: (row: number, column: number) => boolean): tf.Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  return tf.tensor2d(
    range(0, rows).map((row) => range(0, columns).map((column) => (keeps(row, column) ? 1 : 0))),
    [rows, columns],
    'float32',
  );
}

/** The place of the largest value along one axis. */
function placeOfLargest(x: tf.Tensor, axis: number, keep: boolean): tf.Tensor {
  const place = tf.cast(tf.argMax(detach(x), axis), 'float32');
  return keep ? tf.expandDims(place, axis) : place;
}

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

/** Operations over axes, counted from the start; `values`: the numbers that the operation takes. */
export const REDUCTIONS: Readonly<Record<string, Reduction>> = {
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
  norm: (x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep)),
  peakToPeak: (x, axes, keep) => tf.sub(tf.max(x, axes, keep), tf.min(x, axes, keep)),
  countNonzero: (x, axes, keep) => tf.sum(truth(x), axes, keep),
  argMax: (x, axes, keep) => placeOfLargest(x, axes[0]!, keep),
  argMin: (x, axes, keep) => placeOfLargest(tf.neg(x), axes[0]!, keep),
  quantile: (x, axes, keep, [share]) => quantile(x, axes, keep, share ?? 0.5),
};
