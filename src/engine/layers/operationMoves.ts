import * as tf from '@tensorflow/tfjs-core';
import { detach } from '../sharedIdentity.ts';
import type { OperationConfig, SliceSpec } from '../../model/layers/operation.ts';
import { movedOrder } from '../../model/layers/operationShapes.ts';
import { einsum } from './einsum.ts';
import { positiveAxes } from './layerNorm.ts';
import { REDUCTIONS, truth } from './operationFunctions.ts';
import {
  differences,
  multipliedUp,
  rotated,
  sorted,
  sortedPlaces,
  takenAlong,
  topK,
} from './operationOrder.ts';
import { multiplied } from './operationProduct.ts';
import { alongLast, swapped } from './lastAxis.ts';
import { asFormat, channelsLast, range } from './spatial.ts';
import { repeat } from './upSampling.ts';

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

/** Values pushed along an axis, those over the end coming in at the start. */
function rolled(x: tf.Tensor, axis: number, shift: number): tf.Tensor {
  const size = x.shape[axis]!;
  const cut = size - (((shift % size) + size) % size);
  const [start, end] = tf.split(x, [cut, size - cut], axis) as [tf.Tensor, tf.Tensor];
  return cut === size ? x : tf.concat([end, start], axis);
}

/** Channels [b, h, w, s·s·c] as blocks of s × s positions. */
function depthToSpace(x: tf.Tensor, s: number): tf.Tensor {
  const [b, h, w, depth] = x.shape as [number, number, number, number];
  const c = depth / (s * s);
  return tf.reshape(tf.transpose(tf.reshape(x, [b, h, w, s, s, c]), [0, 1, 3, 2, 4, 5]), [
    b,
    h * s,
    w * s,
    c,
  ]);
}

/** The inverse of `depthToSpace`. */
function spaceToDepth(x: tf.Tensor, s: number): tf.Tensor {
  const [b, h, w, c] = x.shape as [number, number, number, number];
  const blocks = tf.reshape(x, [b, h / s, s, w / s, s, c]);
  return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [b, h / s, w / s, s * s * c]);
}

/** Running sums along an axis, by way of the last one: tfjs's gradient along another comes out transposed. */
const summedUp = (x: tf.Tensor, axis: number): tf.Tensor =>
  alongLast(x, axis, (y) => tf.cumsum(y, y.rank - 1));

/** Operations on shapes and products. Throws a RangeError for one that has no forward pass here. */
export function moved(inputs: readonly tf.Tensor[], config: OperationConfig): tf.Tensor | tf.Tensor[] {
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
    case 'take': {
      const [axis] = positiveAxes(axes, x.rank) as [number];
      const places = config.values.map((at) => (at! < 0 ? at! + x.shape[axis]! : at!));
      const taken = tf.gather(x, tf.tensor1d(places, 'int32'), axis);
      return config.keepDims ? taken : tf.squeeze(taken, [axis]);
    }
    case 'roll':
      return positiveAxes(axes, x.rank).reduce((y, axis, i) => rolled(y, axis, config.values[i] ?? 0), x);
    case 'moveAxis':
      return tf.transpose(x, [...movedOrder(config, x.rank)]);
    case 'unstack':
      return tf.unstack(x, positiveAxes(axes, x.rank)[0]);
    case 'oneHot':
      return tf.cast(tf.oneHot(tf.cast(detach(x), 'int32'), config.sections), 'float32');
    case 'depthToSpace':
    case 'spaceToDepth': {
      const format = positiveAxes(axes, x.rank)[0] === 1 ? 'channelsFirst' : 'channelsLast';
      const regroup = op === 'depthToSpace' ? depthToSpace : spaceToDepth;
      return asFormat(regroup(channelsLast(x, format), config.sections), format);
    }
    case 'matmul':
      return multiplied(inputs, config);
    case 'topK':
      return topK(x, config.sections);
    case 'moments': {
      const over = config.axes === null ? range(1, x.rank) : positiveAxes(config.axes, x.rank);
      return [
        REDUCTIONS['mean']!(x, over, config.keepDims, []),
        REDUCTIONS['variance']!(x, over, config.keepDims, []),
      ];
    }
    case 'einsum':
      return einsum(config.equation, x, y!);
    case 'sort':
      return sorted(x, positiveAxes(axes, x.rank)[0]!, config.values[0] === 1);
    case 'argSort':
      return sortedPlaces(x, positiveAxes(axes, x.rank)[0]!, config.values[0] === 1);
    case 'takeAlong':
      return takenAlong(x, y!, positiveAxes(axes, x.rank)[0]!);
    case 'cumprod':
      return multipliedUp(x, positiveAxes(axes, x.rank)[0]!);
    case 'difference':
      return differences(x, positiveAxes(axes, x.rank)[0]!, config.values[0] ?? 1);
    case 'rotate':
      return rotated(x, positiveAxes(axes, x.rank) as [number, number], config.values[0] ?? 1);
    default:
      throw new RangeError(`the operation ${op} has no forward pass here`);
  }
}
