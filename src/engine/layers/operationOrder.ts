import * as tf from '@tensorflow/tfjs-core';
import { detach } from '../sharedIdentity.ts';
import { alongLast, swapped } from './lastAxis.ts';
import { range } from './spatial.ts';

/** Values at `places` [rows, k] of `x` [rows, size]: a gather of single values, whose gradient every backend has. */
function takenOfRows(x: tf.Tensor, places: tf.Tensor): tf.Tensor {
  const [rows, size] = [places.shape[0]!, x.shape.at(-1)!];
  const starts = tf.tensor2d(
    range(0, rows).map((row) => row * size),
    [rows, 1],
    'int32',
  );
  const flat = tf.reshape(tf.add(tf.cast(places, 'int32'), starts), [-1]);
  return tf.reshape(tf.gather(tf.reshape(x, [-1]), flat), places.shape);
}

/** Values at `places` along the last axis; both agree in all others. */
function takenLast(x: tf.Tensor, places: tf.Tensor): tf.Tensor {
  const taken = takenOfRows(
    tf.reshape(x, [-1, x.shape.at(-1)!]),
    tf.reshape(places, [-1, places.shape.at(-1)!]),
  );
  return tf.reshape(taken, places.shape);
}

/** Places of the `k` largest (or, not `falling`, smallest) values along the last axis, of equal ones the first. */
function placesOf(x: tf.Tensor, k: number, falling: boolean): tf.Tensor {
  return tf.topk(falling ? detach(x) : tf.neg(detach(x)), k, true).indices;
}

/** Values along an axis in their order. */
export function sorted(x: tf.Tensor, axis: number, falling: boolean): tf.Tensor {
  return alongLast(x, axis, (y) => takenLast(y, placesOf(y, y.shape.at(-1)!, falling)));
}

/** Where the values along an axis stand in their order. */
export function sortedPlaces(x: tf.Tensor, axis: number, falling: boolean): tf.Tensor {
  return alongLast(x, axis, (y) => tf.cast(placesOf(y, y.shape.at(-1)!, falling), 'float32'));
}

/** The largest values along the last axis, and their places. */
export function topK(x: tf.Tensor, k: number): tf.Tensor[] {
  const places = placesOf(x, k, true);
  return [takenLast(x, places), tf.cast(places, 'float32')];
}

/** Values at places along an axis, negative ones counted from its end. */
export function takenAlong(x: tf.Tensor, places: tf.Tensor, axis: number): tf.Tensor {
  const ends = [axis, x.rank - 1];
  const at = tf.cast(swapped(detach(places), ends), 'float32');
  const size = x.shape[axis]!;
  const positive = tf.add(at, tf.mul(tf.cast(tf.less(at, 0), 'float32'), size));
  return alongLast(x, axis, (y) => takenLast(y, positive));
}

/** The value below which this share of the values over some axes lies, between two values by a line. */
export function quantile(x: tf.Tensor, axes: readonly number[], keepDims: boolean, share: number): tf.Tensor {
  const others = range(0, x.rank).filter((axis) => !axes.includes(axis));
  const sizes = others.map((axis) => x.shape[axis]!);
  const flat = tf.reshape(tf.transpose(x, [...others, ...axes]), [...sizes, -1]);
  const values = sorted(flat, flat.rank - 1, false);
  const place = share * (flat.shape.at(-1)! - 1);
  const at = (index: number): tf.Tensor => tf.gather(values, tf.scalar(index, 'int32'), values.rank - 1);
  const [low, high] = [at(Math.floor(place)), at(Math.ceil(place))];
  const made = tf.add(low, tf.mul(tf.sub(high, low), place - Math.floor(place)));
  return keepDims
    ? tf.reshape(
        made,
        x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
      )
    : made;
}

/** Running products along an axis: each step multiplies by what stands twice as far before. */
export function multipliedUp(x: tf.Tensor, axis: number): tf.Tensor {
  return alongLast(x, axis, (y) => {
    const size = y.shape.at(-1)!;
    let made = y;
    for (let far = 1; far < size; far *= 2) {
      const [before] = tf.split(made, [size - far, far], -1) as [tf.Tensor, tf.Tensor];
      made = tf.mul(made, tf.concat([tf.ones([...y.shape.slice(0, -1), far]), before], -1));
    }
    return made;
  });
}

/** Differences of neighbours along an axis, taken `times` times. */
export function differences(x: tf.Tensor, axis: number, times: number): tf.Tensor {
  return alongLast(x, axis, (y) =>
    range(0, times).reduce<tf.Tensor>((made) => {
      const size = made.shape.at(-1)!;
      const [, later] = tf.split(made, [1, size - 1], -1) as [tf.Tensor, tf.Tensor];
      const [earlier] = tf.split(made, [size - 1, 1], -1) as [tf.Tensor, tf.Tensor];
      return tf.sub(later, earlier);
    }, y),
  );
}

/** A plane turned by quarters from its first towards its second axis. */
export function rotated(x: tf.Tensor, [a, b]: readonly [number, number], quarters: number): tf.Tensor {
  const turns = ((quarters % 4) + 4) % 4;
  if (turns === 0) return x;
  if (turns === 2) return tf.reverse(x, [a, b]);
  return turns === 1 ? swapped(tf.reverse(x, b), [a, b]) : tf.reverse(swapped(x, [a, b]), b);
}
