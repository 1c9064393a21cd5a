import * as tf from '@tensorflow/tfjs-core';
import {
  locallyConnected as kind,
  type LocallyConnectedConfig,
  seenFrom,
} from '../../model/layers/locallyConnected.ts';
import type { Forward, LayerCall } from './forward.ts';
import { range } from './spatial.ts';

/** Every tuple of indices below these sizes, the last one fastest. */
function positionsOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, size) => all.flatMap((head) => range(0, size).map((i) => [...head, i])),
    [[]],
  );
}

/** Place of an index tuple in a row-major array. */
const flat = (index: readonly number[], sizes: readonly number[]): number =>
  index.reduce((sum, at, axis) => sum * sizes[axis]! + at, 0);

/** What of the input each output position sees: its place in a sample, in the order of the kernel's rows. */
interface Field {
  readonly first: boolean;
  readonly spatial: readonly number[];
  readonly channels: number;
  readonly positions: readonly number[];
  seen(position: readonly number[]): number[];
}

function fieldOf(x: tf.Tensor, config: LocallyConnectedConfig, output: readonly number[]): Field {
  const first = config.dataFormat === 'channelsFirst';
  const spatial = first ? x.shape.slice(2) : x.shape.slice(1, -1);
  const channels = first ? x.shape[1]! : x.shape.at(-1)!;
  const positions = first ? output.slice(1) : output.slice(0, -1);
  const place = (at: readonly number[], c: number): number =>
    first ? flat([c, ...at], [channels, ...spatial]) : flat([...at, c], [...spatial, channels]);
  const seen = (position: readonly number[]): number[] => {
    const windows = position.map((at, axis) => {
      const [start, end] = seenFrom(config, axis, at, spatial[axis]!);
      return range(start, end);
    });
    const inside = positionsOf(windows.map((window) => window.length)).map((index) =>
      index.map((i, axis) => windows[axis]![i]!),
    );
    const all = range(0, channels);
    return first
      ? all.flatMap((c) => inside.map((at) => place(at, c)))
      : inside.flatMap((at) => all.map((c) => place(at, c)));
  };
  return { first, spatial, channels, positions, seen };
}

/** Implementation 1: a product per position, of what it sees and its own kernel (k·in, filters). */
function byPosition(x: tf.Tensor, kernel: tf.Tensor, field: Field): tf.Tensor {
  const batch = x.shape[0]!;
  const places = positionsOf(field.positions).flatMap((position) => field.seen(position));
  const rows = tf.gather(tf.transpose(tf.reshape(x, [batch, -1])), tf.tensor1d(places, 'int32'));
  const [count, wide, filters] = kernel.shape as [number, number, number];
  const products = tf.matMul(kernel, tf.reshape(rows, [count, wide, batch]), true);
  const apart = tf.transpose(products, field.first ? [2, 1, 0] : [2, 0, 1]);
  return tf.reshape(
    apart,
    field.first ? [batch, filters, ...field.positions] : [batch, ...field.positions, filters],
  );
}

/** The places of the connections in a matrix (inputs of a sample, outputs of a sample). */
function connections(field: Field, filters: number): { inputs: number; outputs: number; places: number[][] } {
  const inputs = field.channels * field.spatial.reduce((a, b) => a * b, 1);
  const outputs = filters * field.positions.reduce((a, b) => a * b, 1);
  const places = positionsOf(field.positions).flatMap((position) =>
    field
      .seen(position)
      .flatMap((from) =>
        range(0, filters).map((f) => [
          from,
          field.first
            ? flat([f, ...position], [filters, ...field.positions])
            : flat([...position, f], [...field.positions, filters]),
        ]),
      ),
  );
  return { inputs, outputs, places };
}

/** Implementations 2 and 3: one matrix, of which only the connections count. */
function byMatrix(call: LayerCall<LocallyConnectedConfig>, x: tf.Tensor, field: Field): tf.Tensor {
  const { filters, implementation } = call.config;
  const kernel = call.weight('kernel');
  const { inputs, outputs, places } = connections(field, filters);
  const flatInput = tf.reshape(x, [x.shape[0]!, inputs]);
  let matrix: tf.Tensor;
  if (implementation === 2) {
    const mask = new Float32Array(inputs * outputs);
    for (const [from, to] of places) mask[from! * outputs + to!] = 1;
    matrix = tf.mul(tf.reshape(kernel, [inputs, outputs]), tf.tensor2d(mask, [inputs, outputs]));
  } else {
    const row = new Int32Array(inputs * outputs).fill(places.length);
    places
      .sort((a, b) => a[1]! - b[1]! || a[0]! - b[0]!)
      .forEach(([from, to], i) => (row[from! * outputs + to!] = i));
    matrix = tf.reshape(tf.gather(tf.concat([kernel, tf.zeros([1])]), tf.tensor1d(row, 'int32')), [
      inputs,
      outputs,
    ]);
  }
  const shape = field.first ? [filters, ...field.positions] : [...field.positions, filters];
  return tf.reshape(tf.matMul(flatInput, matrix), [x.shape[0]!, ...shape]);
}

/** A convolution whose kernel differs from position to position. A bias of channels first is read in the order it is kept in, as Keras does. */
export const locallyConnected: Forward<LocallyConnectedConfig> = (call) => {
  const x = call.inputs[0]!;
  const given = call.optional('bias');
  const output = kind.outputs(call.config, [x.shape])[0]!.slice(1) as number[];
  const field = fieldOf(x, call.config, output);
  const z =
    call.config.implementation === 1 ? byPosition(x, call.weight('kernel'), field) : byMatrix(call, x, field);
  return call.finish(z, { bias: given === undefined ? undefined : tf.reshape(given, output) });
};
