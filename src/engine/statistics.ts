import type * as tf from '@tensorflow/tfjs-core';
import type { TensorStats } from '../model/measurement.ts';
import type { Heap } from './kernels/heap.ts';
import { heapCosine, tapStats } from './kernels/tapStats.ts';
import { meanCosine } from './meanCosine.ts';
import { plainUnits } from './plainUnits.ts';
import { plainTensor, tensorStatsOf } from './tensorStats.ts';
import type { UnitSums } from './unitSums.ts';

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
  readonly units?: UnitSums;
}

/** The narrow seam of statistics: one pass over a tensor where it lies. */
export interface Statistics {
  reduce(tensor: tf.TensorInfo, layout?: UnitLayout, flat?: FlatPart): Reduction;
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
    reduce: (tensor, layout, flat) => {
      const values = view(tensor);
      const value = tensorStatsOf(plainTensor(values));
      if (layout === undefined) return { value };
      return { value, units: plainUnits(values, layout, flat, meanCosine(values, layout.samples)) };
    },
  };
}

/** Statistics by our kernel on the wasm heap, in one pass where the units are the last axis. */
export function heapStatistics(heap: Heap, view: View): Statistics {
  const plain = plainStatistics(view);
  return {
    reduce: (tensor, layout, flat) => {
      if (layout !== undefined && layout.inner !== 1) return plain.reduce(tensor, layout, flat);
      const raw = tapStats(heap, tensor, {
        units: layout !== undefined,
        ...(flat === undefined ? {} : { flat }),
      });
      const value = tensorStatsOf(raw);
      const { units } = raw;
      if (layout === undefined || units === undefined) return { value };
      const sums: UnitSums = {
        units: layout.units,
        rows: layout.outer,
        mean: units.mean,
        m2: units.m2,
        key: new Float64Array(units.hash),
        zeros: new Float64Array(units.zeros),
        flat: flat === undefined ? 0 : raw.saturated,
        flatOf: flat === undefined ? 0 : raw.count,
        cosine: heapCosine(heap, tensor, layout.samples),
      };
      return { value, units: sums };
    },
  };
}
