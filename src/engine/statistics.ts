import type * as tf from '@tensorflow/tfjs-core';
import type { TensorStats } from '../model/measurement.ts';
import type { Heap } from './kernels/heap.ts';
import type { OwnMemory } from './kernels/ownMemory.ts';
import { heapCosine, heapFingerprint, tapStats } from './kernels/tapStats.ts';
import { meanCosine } from './meanCosine.ts';
import { plainUnits } from './plainUnits.ts';
import { heapTensorStats, plainTensor, tensorStatsOf } from './tensorStats.ts';
import { fingerprint } from './fingerprint.ts';
import { tallyOf, type UnitSums, type UnitTally } from './unitSums.ts';

/** How a tensor is cut into units: element (o, u, i) lies at (o·units + u)·inner + i. */
export interface UnitLayout {
  readonly outer: number;
  readonly units: number;
  readonly inner: number;
  readonly samples: number;
}

/** The part of the values in which an activation is flat: below `low` or above `high`. */
export interface FlatPart {
  readonly low: number;
  readonly high: number;
}

/** What one read of a tensor gives. */
export interface Reduction {
  readonly value: TensorStats;
  readonly units?: UnitTally;
  /** The sums of each unit, where asked for. */
  readonly sums?: UnitSums;
}

/** What a read gives beyond totals and units. */
export interface Wish {
  readonly flat?: FlatPart | undefined;
  /** The sums of each unit too, so that more rows can be joined. */
  readonly sums?: boolean;
}

/** The narrow seam of statistics: one pass over a tensor where it lies. */
export interface Statistics {
  reduce(tensor: tf.TensorInfo, layout?: UnitLayout, wish?: Wish): Reduction;
  /** Hash of a tensor's bits: equal for tensors that are equal bit by bit. */
  fingerprint(tensor: tf.TensorInfo): string;
}

type View = (tensor: tf.TensorInfo) => Float32Array;

/** Cuts a shape into units along `axis` (negative: from the end); the batch is axis 0. */
export function unitLayout(shape: readonly number[], axis = -1): UnitLayout {
  const at = axis < 0 ? shape.length + axis : axis;
  const product = (dimensions: readonly number[]) => dimensions.reduce((size, next) => size * next, 1);
  return {
    outer: product(shape.slice(0, at)),
    units: shape[at] ?? 1,
    inner: product(shape.slice(at + 1)),
    samples: at > 0 ? shape[0]! : 1,
  };
}

/** Statistics in plain TypeScript over a view of the values: float64 throughout. The reference of every other. */
export function plainStatistics(view: View): Statistics {
  return {
    reduce: (tensor, layout, wish) => {
      const values = view(tensor);
      const value = tensorStatsOf(plainTensor(values));
      if (layout === undefined) return { value };
      const sums = plainUnits(values, layout, wish?.flat, meanCosine(values, layout.samples));
      return { value, units: tallyOf(sums), sums };
    },
    fingerprint: (tensor) => fingerprint(view(tensor)),
  };
}

/** Statistics by our kernel on the wasm heap, in one pass where the units are the last axis. */
export function heapStatistics(heap: Heap, view: View): Statistics {
  const plain = plainStatistics(view);
  return {
    reduce: (tensor, layout, wish = {}) => {
      if (layout !== undefined && layout.inner !== 1) return plain.reduce(tensor, layout, wish);
      const { flat, sums } = wish;
      const shape = layout === undefined ? tensor.shape : [layout.outer, layout.units];
      const raw = tapStats(
        heap,
        { ...tensor, shape },
        {
          ...(layout === undefined ? {} : { units: sums === true ? 'sums' : 'tally' }),
          ...(flat === undefined ? {} : { flat }),
        },
      );
      const value = heapTensorStats(raw);
      if (layout === undefined || raw.tally === undefined) return { value };
      const common = {
        units: layout.units,
        rows: layout.outer,
        flat: flat === undefined ? 0 : raw.saturated,
        flatOf: flat === undefined ? 0 : raw.count,
        cosine: heapCosine(heap, tensor, layout.samples),
      };
      const units = { ...raw.tally, ...common };
      if (raw.units === undefined) return { value, units };
      const { mean, m2, twin, zeros } = raw.units;
      const each = { mean, m2, key: new Float64Array(twin), zeros: new Float64Array(zeros) };
      return { value, units, sums: { ...common, ...each } };
    },
    fingerprint: (tensor) => heapFingerprint(heap, tensor),
  };
}

/** Larger tensors than this many values are not copied. */
const MOST_COPIED = 2 ** 27;

/** Statistics by our kernel for a backend that keeps its tensors elsewhere: a copy and one pass cost a tenth of a pass in TypeScript. */
export function copiedStatistics({ heap, hold }: OwnMemory, view: View): Statistics {
  const plain = plainStatistics(view);
  const held = heapStatistics(heap, view);
  const on = <T>(tensor: tf.TensorInfo, use: (statistics: Statistics) => T): T => {
    const values = view(tensor);
    return values.length > MOST_COPIED ? use(plain) : hold(values, () => use(held));
  };
  return {
    reduce: (tensor, layout, wish) => on(tensor, (statistics) => statistics.reduce(tensor, layout, wish)),
    fingerprint: (tensor) => on(tensor, (statistics) => statistics.fingerprint(tensor)),
  };
}
