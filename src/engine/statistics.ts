import type * as tf from '@tensorflow/tfjs-core';
import type { TensorStats } from '../model/measurement.ts';
import { tensorStats } from './tensorStats.ts';
import { addUnits, emptyUnits, type UnitSums } from './unitSums.ts';

/** How a tensor is cut into units: element (o, u, i) lies at (o·units + u)·inner + i. */
export interface UnitLayout {
  readonly outer: number;
  readonly units: number;
  readonly inner: number;
  /** Rows of `outer` that belong to one sample: samples = outer / perSample. */
  readonly perSample: number;
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

/** The narrow seam of statistics: one pass over a tensor where it lies. Our wasm kernels replace it on wasm. */
export interface Statistics {
  reduce(tensor: tf.TensorInfo, layout?: UnitLayout, flat?: FlatPart): Reduction;
}

/** Cuts a shape into units along `axis` (negative: from the end); the batch is axis 0. */
export function unitLayout(shape: readonly number[], axis = -1): UnitLayout {
  const at = axis < 0 ? shape.length + axis : axis;
  const product = (dimensions: readonly number[]) => dimensions.reduce((size, next) => size * next, 1);
  const batch = at > 0 ? shape[0]! : 1;
  const outer = product(shape.slice(0, at));
  return {
    outer,
    units: shape[at] ?? 1,
    inner: product(shape.slice(at + 1)),
    perSample: outer / batch,
  };
}

/** Statistics in plain TypeScript over a view of the values: float64 throughout, two passes. The reference of every other. */
export function plainStatistics(view: (tensor: tf.TensorInfo) => Float32Array): Statistics {
  return {
    reduce: (tensor, layout, flat) => {
      const values = view(tensor);
      const value = tensorStats(values);
      if (layout === undefined) return { value };
      const units = emptyUnits(layout.units);
      addUnits(units, values, layout, flat);
      return { value, units };
    },
  };
}
